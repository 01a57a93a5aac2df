"""Wordings of the puzzles.

Invariant: each tells the whole rule, so that one answer is right. It does not: say how the rule is best programmed.
"""


def _numbered(*templates: str) -> tuple[str, ...]:
    return tuple(f"{one}[ Answer with the number.| The number is enough.| Compute it.|]" for one in templates)


def _listed(*templates: str) -> tuple[str, ...]:
    return tuple(f"{one}[ Answer with a Python list.| Write it as a Python list.]" for one in templates)


COLLATZ = _numbered(
    "[Take|Start with] {start}. [Again and again|Repeatedly], halve an even number, and turn an odd n into {odd}n "
    "+ 1. [Find|Tell me] {what}.",
    "A rule: an even number is halved, an odd one is multiplied by {odd}, plus 1. [Applied to|Beginning with] {start}, what is {what}?",
    "[Follow|Run] the sequence from {start} in which even n goes to n / 2 and odd n to {odd}n + 1, and [give|tell me] {what}.",
    "I [play|am playing] a game with {start}: even numbers are halved, odd ones become {odd} times themselves plus "
    "1. [I need|Work out] {what}.",
)
UNSEEN_COLLATZ = _numbered(
    "Even: divide by 2. Odd: times {odd}, add 1. [First number|Start]: {start}. Wanted: {what}.",
    "[Somebody keeps halving|A child keeps halving] {start} when it is even, and takes {odd} times it plus 1 when it is odd. Tell {what}.",
)
RUNS = (
    "[Run-length encode|Compress by runs] the text {text}, each run as {order}: {example}.",
    "[Write|Replace] [each|every] run of equal letters in {text} as {order}, [as in|for example] {example}. [What "
    "comes out?|Give the result.]",
    "[Shorten|Pack|Compress] {text}: runs of a letter become {order}, so {example}. [What is the packed text?|Give the packed text.]",
    "If {example}, [what does|then what does] {text} become? [Each run is written as {order}.|The rule is: {order}.]",
)
UNSEEN_RUNS = (
    "Codes for runs go {order} ({example}). [Code for|The code of] {text}, please?",
    "{text} is [too long|a waste of letters]; [squeeze|fold] its runs into {order}, like {example}.",
)
BRACKETS = (
    "[Look at|Take] these brackets: '{text}'. [Tell me|Find out|Say] {what}.",
    "Given the brackets {text}, [tell me|find out|determine] {what}.",
    "[I typed|My program printed] the brackets {text}, and I [want|need|would like] to know {what}.",
    "[Check|Examine] the string {text} and [say|report|tell me] {what}.",
)
UNSEEN_BRACKETS = (
    "{text} [is all that is left of a formula|came out of a printer]. [The question|Question]: {what}.",
    "About the [parentheses|round brackets] in {text} I [wonder|am asking] {what}.",
)
GRID = _listed(
    "[Take|Here is] the grid {grid}. [Give me|Work out|Find] {what}.",
    "[From|Of] the grid {grid}, [compute|work out|give] {what}.",
    "The rows of a grid are {grid}. [I need|Show me|Print] {what}.",
    "[With|For] grid = {grid}, [print|tell me] {what}.",
)
UNSEEN_GRID = _listed(
    "{grid} [is a table of numbers, row after row|holds rows of numbers]; [produce|make] {what}.",
    "Wanted: {what}. The grid [itself|to work on] is {grid}.",
)
SORTING = _listed(
    "[Sort|Order] these pairs by their number, {order} first, and pairs with equal numbers by name: {pairs}. Give the names.",
    "Here are [players|people] with their points: {pairs}. List the names by points, {order} first; [ties|equal "
    "points] go by the alphabet.",
    "[Rank|Arrange] the names in {pairs} by their numbers, the {order} at the front, and alphabetically where numbers are equal.",
    "[I need|Make] the order of the names in {pairs}: {order} number first, then [by name|alphabetically].",
)
UNSEEN_SORTING = _listed(
    "{pairs} [is a score sheet|are results]. Who is where, {order} score at the top? Same score: alphabetical.",
    "Line [these up|them up]: {pairs}. Numbers decide, {order} ahead; the name breaks a tie. Only names are wanted.",
)
ANAGRAMS = (
    "[Here are words|Some words]: {listed}. [Tell me|Find|Work out] {what}.",
    "[Take|Look at] the words {listed} and [give|find|tell me] {what}.",
    "[Of|About] the words {listed}, [tell me|say|find out] {what}.",
    "Words are anagrams if they have the same letters. [For|In] {listed}, [find|tell me|give me] {what}.",
)
UNSEEN_ANAGRAMS = (
    "[In a word game|At a quiz] we got {listed} and must [say|tell] {what}.",
    "[Letters may be shuffled.|Shuffling letters is allowed.] Say, for {listed}: {what}.",
)
STACK = _numbered(
    "[Evaluate|Work out|Compute] the postfix expression {text}",
    "[Numbers go on a stack|A number is pushed]; a sign takes the two on top and puts back the result. What does {text} leave?",
    "What is the value of {text} in [reverse Polish|postfix] notation?",
    "[My old calculator|A stack machine] is given {text} (operands first, then the sign). What is the result?",
)
UNSEEN_STACK = _numbered(
    "Operators come after their operands here: {text} is [worth what|equal to what]?",
    "[Read|Take] {text} from the left, [signs apply|each sign applies] to the two latest values. [Final value?|What remains?]",
)
CIRCLE = _numbered(
    "{people} people stand in a circle, numbered from 1. [Counting from 1|Beginning at 1], every {each} has to "
    "leave. Who is left at the end?",
    "[Number|Imagine] {people} children in a ring from 1 on and remove each {each}, round and round. [Which number stays?|Who stays?]",
    "In a ring of 1 to {people}, every {each} [is taken out|goes out] until one is left. [Which one is it?|What is its number?]",
    "[Play|Run] the counting-out game with {people} people and step {each}, starting at number 1. [Who remains|Which number remains]?",
)
UNSEEN_CIRCLE = _numbered(
    "A ring, seats 1 to {people}; each {each} seat still taken is [emptied|cleared]. [Last seat?|Which seat is the last?]",
    "We count to {each} round a circle of {people}, out goes whoever is hit; the first count starts at number 1. Who wins?",
)
SWAPS = _numbered(
    "How many swaps does bubble sort [need|make] to sort {numbers}[ in rising order|]?",
    "[Sort|Order] {numbers} by swapping neighbours that stand the wrong way. How many swaps [does that take|are made]?",
    "[Count|Find|Tell me] the number of swaps of neighbours with which bubble sort puts {numbers} in rising order.",
    "[I sort|Somebody sorts] {numbers} with bubble sort, smallest first. [How many swaps?|What is the number of swaps?]",
)
UNSEEN_SWAPS = _numbered(
    "{numbers}: [exchanges|swaps] of adjacent items that bubble sort carries out until all rise?",
    "Put {numbers} in rising order, only ever exchanging [two neighbours|a pair side by side]; the [fewest|least number of] exchanges?",
)
PAIRS = _numbered(
    "How many pairs [of numbers|of items] in {numbers} add up to {total}?"
    "[ Each pair of places counts once.| Pairs at different places count apart.]",
    "[Count|Count up] the pairs at different places of {numbers} whose sum is {total}.",
    "[In|Of] the list {numbers}, how many pairs of places hold numbers with the sum {total}?",
    "[I look for|I want] two items of {numbers} that make {total} together. How many such pairs of places are there?",
)
UNSEEN_PAIRS = _numbered(
    "Sum {total} by two different positions of {numbers}: [how often|in how many ways, order aside]?",
    "{numbers}. [Choose|Pick] two positions; the items have to give {total}. [How many choices?|The number of choices?]",
)
