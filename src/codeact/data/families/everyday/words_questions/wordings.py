"""Wordings of the questions about letters and words; several families share a heading.

    thing            {what} is a thing: *the third letter of 'plum'*
    thing-of-a-text  the same for what is in one text, {said}; {that} is *the third letter of it*
    deed             {what} is to be done: *spell 'plum' backwards*
    count-in-text    {what} is to be counted in {said}: *vowels*
    yes-or-no        {what} is a question, {claim} the same as a statement
    one-of-a-list    {what} is true of one word in {list}: *is a palindrome*

Invariant: a name with a capital, as {What}, begins a sentence. It does not: say how the answer is found.
"""

from codeact.data.families.worded import Wordings, read_wordings

WORDINGS = read_wordings(
    """
= thing
[What is|What's] {what}?
[Find|Give me|Tell me|Determine|Work out] {what}.
[Can|Could] you [find|tell me|give me] {what}[, please]?
I [need|want to know|would like to have|am looking for] {what}.
[For a quiz|For a crossword|For a word game|For my homework] I need {what}.
[Quick question|Word puzzle|Letter game]: what is {what}?
unseen:
Do you know {what}?
{What} - what is it?
[Let me have|Let me know] {what}.
[Say|Report] {what}[, if you can].

= deed
{What}.
[Please|Kindly|Now] {what}.
[Can|Could|Would] you {what}[, please]?
I [need to|have to|would like to|want to] {what}. [What do I get|What is the result|What comes out]?
{said} - [please ]{that}.
[Here is my text|I have this|This is what I wrote|Text]: {said}. {That}[, please].
What is the result if [you|I|we] {what}?
[My homework says|My teacher wants me|My friend dares me|A puzzle asks me] to {what}.
unseen:
How does {said} [look|read] after you {that}?
Show me what [you get|comes out] when you {what}.
Take {said}, {that}, and [tell me|print] the outcome.

= count-in-text
How many {what} are there in {said}?
[Count|Please count|Tell me the number of|Give me the count of] {what} in {said}.
How many {what} does {said} [have|contain]?
[number of|how many] {what} in {said}[, please]?
{said} - how many {what} [are in it|are there|do you see]?
[I wrote|My son wrote|The sign says] {said}. How many {what} are [there|in it]?
[My daughter and I disagree|We argue|I am not sure] about the number of {what} in {said}. What is [the right number|the count]?
I have to [paint|carve|print] {said} on a [sign|cup]. How many {what} is that?
unseen:
[Go|Run] through {said} and give the number of {what}.
{said} contains how many {what}?
The {what} in {said}: [what is their number|how many]?

= yes-or-no
{What}? [Answer|Reply|Reply with|Say] yes or no.
Yes or no: {what}?
[Check|Find out|Test] whether {claim}. [Answer|Print|Say] yes or no.
[I think|I believe|My friend says|I would bet] that {claim}. [Is that right|Is it true], yes or no?
{What} (yes/no)?
[Quick|Tell me quickly|Word quiz], {what}, yes or no?
unseen:
[True|Correct] that {claim}? [Just|A plain] yes or no.
Somebody claims: {claim}. [Yes|Write yes] if so, no if not.
[Settle this|Decide] with a yes or a no: {what}?

= one-of-a-list
Which of [these|these words|the following] {what}: {list}?
Which word {what}: {list}?
[Find|Give me|Pick|Tell me] the one word that {what} [among|out of] {list}.
{list} - which one {what}?
[My word list is|I have the words|Here are some words:] {list}. Only one of them {what}. Which?
[A quiz asks|The question is|My son asks] which of {list} {what}. [What is the answer|Can you tell]?
unseen:
Just one of {list} {what}. [Name|Print] it.
[Look at|Go through] {list} and report the one that {what}.
Words: {list}. Wanted: the one that {what}.
"""
)
WORDINGS["thing-of-a-text"] = Wordings(
    seen=(
        *WORDINGS["thing"].seen,
        "{said} - what is {that}?",
        "[Here is what I have|My text is|The text is|I wrote down] {said}. [Find|Give me|I need] {that}.",
    ),
    unseen=WORDINGS["thing"].unseen,
)
