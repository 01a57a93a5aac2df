"""Wordings of the questions about lists: those that several families share, and those of each family.

Places: {list} is the list; {lead} a sentence that tells of it; {noun} what is in it; {whole} what is asked, with the list in it; {part}
the same without it; {is} the verb for that, *is* or *are*; {form} a wish for the form of the answer. Those with a capital begin a
sentence.

Invariant: each has the list once and leaves room for the form. It does not: say how the answer is found.
"""

from codeact.data.families.worded import read_wordings

FRAMES = read_wordings(
    """
= thing
[Find|Work out|Give me|Get|Show me] {whole}.{form}
What {is} {whole}?{form}
[Can|Could] you [tell me|work out|find] {whole}?{form}
{lead}. What {is} {part}?{form}
{lead}, and [now ]I need {part}.{form}
{lead}. [Please give me|Tell me|I'd like to know] {part}.{form}
{Noun}: {list}. {Part}?{form}
[Here are some|I have these|Take these] {noun}: {list}. [Now find|I want] {part}.{form}
{list} - {part}?{form}
{Whole}[, please].{form}
unseen:
For [my notes|a report], I must [write down|state] {whole}.{form}
{lead}; a friend asks me for {part}.{form}
[Determine|Report|State] {part}: {list}.{form}

= deed
{Whole}[, please].{form}
[Can|Could|Would] you {whole}?{form}
[Please|Now|Kindly] {whole}.{form}
{lead}. {Part}[, please].{form}
{lead}. What do [I|you] get if [I|you] {part}?{form}
I [want|need|have] to {whole}. [What is the result|What do I get|How does it look then]?{form}
{Noun}: {list}. [Please {part}|{Part}].{form}
unseen:
[The task is|The job is|My homework is] to {whole}. Do it.{form}
Start from {list}, {part}, and [show|report] what you have then.{form}
Suppose we {whole}: what [results|remains]?{form}

= question
{Part}? {lead}.{form}
{lead}. {Part}?{form}
{lead}, so {part}?{form}
[Quick question|One question|Tell me|Please check]: {lead}. {Part}?{form}
[Here are the|These are my|I noted these] {noun}: {list}. {Part}?{form}
{list} - {part}?{form}
[I have to know|I need to find out]: {part}? The {noun} are {list}.{form}
With [the|these] {noun}, {list}, [tell me, ]{part}?{form}
unseen:
Somebody wants to know: {part}? [The data|What we have]: {list}.{form}
[Consider|Look closely at] {list}: {part}?{form}
[From|Going by] {list}, {part}?{form}
"""
)
"""By what is asked for: a thing (*the sum of 3 and 4*), a deed (*sort 3 and 4*), or a question (*is any of 3 and 4 below 2*)."""

WORDINGS = read_wordings(
    """
= list-basics
[Calculate|Compute] {whole}.{form}
unseen:
Let me have {part} for {list}.{form}

= means-and-spread
Compute {whole}.{form}
unseen:
How big is {whole}?{form}

= nth-value
{lead}. [Ranked by size, what|What] {is} {part}?{form}
unseen:
Rank {list}: {part}?{form}

= sorted-numbers
How do {list} stand if I {part}?{form}
unseen:
Tidy up {list}: {part}.{form}

= selected-numbers
[Out of|From] {list}, give me {part}.{form}
unseen:
Go through {list} and get {part}.{form}

= repeats-in-list
With repeats: {list}. {Part}?{form}
unseen:
Repeats? {list}. {Part}.{form}

= vote-tally
[Votes|Ballots] in: {list}. {Part}?{form}
unseen:
We counted {list}. So, {part}?{form}

= list-changes
In order, {list}: {part}?{form}
unseen:
Follow {list} and note {part}.{form}

= pairs-in-list
Taking two at a time from {list}, {part}?{form}
unseen:
Pick twos from {list}: {part}?{form}

= list-check
[Actually|By the way|Tell me], {whole}?{form}
unseen:
I am curious, {whole}?{form}

= position-in-list
[In this order|In a row]: {list}. {Part}?{form}
unseen:
Point me to {whole}.{form}

= rearranged-list
How would it look if [I|we] {whole}?{form}
unseen:
Rework {list}: {part}.{form}

= nested-list
[This is|I have] a list of lists, {list}. {Part}[, please].{form}
unseen:
With {list} at hand, {part}.{form}

= two-lists
Compare [them|these]: {list}. {Part}?{form}
unseen:
Lay {list} side by side: {part}?{form}

= lists-of-one-length
Two lists[ here], {list}. {Part}?{form}
unseen:
Lay {list} side by side: {part}?{form}

= missing-number
Something is lost: {list}. {Part}?{form}
unseen:
Gaps in {list}: {part}?{form}

= named-numbers
[Well|Say|Tell me], {part}? {list}.{form}
unseen:
Read {list}: {part}?{form}
"""
)
"""By the name of a family; they come after those of its frame."""
