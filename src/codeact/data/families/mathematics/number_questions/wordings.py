"""The wordings of the families of `number_questions`: a frame for each way of asking, or that of one family, by its name.

Invariant: ``What`` and ``Ask`` are ``what`` and ``ask`` with a capital letter, for the beginning of a sentence. It does not: name numbers.
"""

from codeact.data.families.worded import read_wordings

WORDINGS = read_wordings(
    """
= any-value
What is {what}?
[Work out|Compute|Calculate|Find] {what}[, please].
{What}?
[Tell|Give] me {what}.
[I need|I'd like to know|I'm looking for] {what}.
[Can|Could] you [work out|find|tell me] {what}?
[My daughter's homework asks for|A quiz asks for|I have to write down] {what}. [What is it|What do I put]?
[Quick question|Just checking|Help me out]: {what}?
{What} - [what do I get|what should I get|what is it]?
unseen:
[Determine|Show me|Report] {what}.
[Use Python to get|Please figure out] {what}.
{What} is what[ exactly]?
[If someone asked you for|Suppose you had to name] {what}, what would you answer?

= any-scene
{scene}. {Ask}?
{Ask}? {scene}.
[Quick question|A puzzle|From my homework|Help me, please|I wonder]: {scene}. {Ask}?
{scene} - {ask}?
[Here is one for you.|Can you help?|I'm stuck on this.|My son asked me this.] {scene}. {Ask}?
{scene}. [Please tell me|Work it out|I need to know]: {ask}?
[This is for a test|I need this for work|No idea how to do this]. {scene}. So {ask}[, please]?
unseen:
[Given|We know this]: {scene}. [Question|Asked]: {ask}?
[Suppose the following|Picture this]. {scene}. Now, {ask}?
{Ask}, [if this is so|given this]: {scene}?

= whole-numbers-between
How many [whole numbers|integers] {where} {verb}?
[Count|Find the number of|I need a count of] the whole numbers {where} that {verb}.
[Of all|Among the] [whole numbers|integers] {where}, how many {verb}?
[My teacher asks|I wonder|Tell me|I want to know] how many whole numbers {where} {verb}.
[Look at|Take|Think of] the whole numbers {where}. How many [of them|of these] {verb}?
Whole numbers {where} that {verb}: how many [are there|exist]?
unseen:
[Write down|Go through] all whole numbers {where}; what is the count of those that {verb}?
Numbers {where}: [say|state|report] how many of them {verb}.

= yes-or-no
Is {number} {claim}? [Answer yes or no.|Yes or no?]
[Check|Find out|Tell me] whether {number} is {claim}; answer yes or no.
[Someone says|My son claims|I believe] that {number} is {claim}. Is that [right|true|so], yes or no?
{number}: [{claim}|is it {claim}], yes or no?
Yes or no: [is it true that {number} is {claim}|{number} is {claim}]?
I have the number {number} and [want to know|wonder] if it is {claim} (yes or no).
unseen:
[Would you say|Does it hold] that {number} is {claim}? A yes or a no [will do|is enough].
Take {number}. It is {claim} - yes or no?
[Answer yes|Say yes] if {number} is {claim}, and no otherwise.

= round-off
Round {number} {how}.
What is {number} rounded {how}?
[Can|Could] you round {number} {how}[, please| for me]?
[My report shows|The meter reads|I got] {number}. Round it {how}[, please].
{number} rounded {how}?
[Give|Tell] me {number}, rounded {how}.
I [want|need|have] to round {number} {how}. [What do I get|What is it]?
unseen:
{number} - [please|kindly] round this {how}.
Rounded {how}, [what does|what will] {number} become?
[Take|Here is] {number}; what is it when you round it {how}?
"""
)
