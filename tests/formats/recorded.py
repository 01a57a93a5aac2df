"""Messages after those of seven real models in recorded runs, judged by hand: kind, message, and how a careful reader takes it.

Each has the shape of a real one (the order of its tags, what stands in and between them) in words of ours;
`benchmarks/recorded_actions.py` counts the kinds in the record. What follows the first action or answer does not count, since
generation ends there. It does not: hold recorded text.
"""

from formats.messages import Answer, Case, Code, Fault

PAIRS: list[Case] = [
    ("a search", "Assistant:\n<thought> Who was it? </thought>\n<execute> print(search('Ada')) </execute>\n", Code("print(search('Ada'))")),
    ("a sum, thought without tags", "Assistant:\nWe add them.\n<execute>\na = 1\nprint(a + 2)\n</execute>\n", Code("a = 1\nprint(a + 2)")),
    ("a last line that shows a value", "Assistant:\n<execute>\nx = [1, 2]\nmax(x)\n</execute>\n", Code("x = [1, 2]\nmax(x)")),
    (
        "tests below a function",
        "<execute>\ndef f(n):\n    return n\n\nassert f(1) == 1\n</execute>",
        Code("def f(n):\n    return n\n\nassert f(1) == 1"),
    ),
    ("a thought about wrong names", "<execute>\nPb2+, I = symbols('Pb2+ I')\n</execute>", Code("Pb2+, I = symbols('Pb2+ I')")),
    ("an equation for code", "<thought> So: </thought>\n<execute>\n5k + 4 = 3l + 2\n</execute>", Code("5k + 4 = 3l + 2")),
    ("things named as in the game", "<execute>\nput(cup 1, shelf 2)\n</execute>", Code("put(cup 1, shelf 2)")),
    ("a name with an apostrophe", "<execute> print(search('Ada's father')) </execute>", Code("print(search('Ada's father'))")),
    ("comments only", "<execute>\n# The area is half of it\n# so 12\n</execute>", Code("# The area is half of it\n# so 12")),
    ("a package to install", "<execute>\n!pip install house\n</execute>", Code("!pip install house")),
    ("words in place of code", "<execute>\nI look at the desk\n</execute>", Code("I look at the desk")),
    ("an observation of its own first", "Assistant:\nObservation: the cup is here.\n<execute>take('cup')</execute>", Code("take('cup')")),
    ("the assistant named twice", "Assistant:\nSorry.\n\nAssistant:\n<execute>\nf()\n</execute>\n", Code("f()")),
    ("a thought that never closes", "Assistant:\n<thought> I count.\n<execute>\nlen('abc')\n</execute>", Code("len('abc')")),
    ("an answer in a sentence", "Assistant:\nThe answer is <solution> C) 40 </solution>.\n", Answer("C) 40")),
    ("an answer, then talk", "<solution> Oslo </solution>\n\nYou have 2 steps left.", Answer("Oslo")),
    ("a function as an answer", "<solution>\ndef f(n):\n    return n\n</solution>\n", Answer("def f(n):\n    return n")),
    (
        "words as an answer",
        "<thought> I am stuck. </thought>\n<solution> There is no cup here. </solution>",
        Answer("There is no cup here."),
    ),
    ("a formula as an answer", "It is <solution> $1 - \\sqrt{10}$ </solution>.", Answer("$1 - \\sqrt{10}$")),
    (
        "a shown block inside an answer",
        "<solution>\nUse it so:\n```\nf(1)\n```\nand so on.\n</solution>",
        Answer("Use it so:\n```\nf(1)\n```\nand so on."),
    ),
]

SEVERAL: list[Case] = [
    ("an answer guessed", "<execute>\nf()\n</execute>\n\nThe answer is <solution> 5 </solution>.", Code("f()")),
    ("an output invented", "<execute>\nf()\n</execute>\n\nObservation:\n5\n\nAssistant:\n<solution> 5 </solution>", Code("f()")),
    (
        "an output invented, other word",
        "<execute>\nf()\n</execute>\n\nOutput:\n{0, 1}\n\nAssistant:\nDone: <solution>2</solution>",
        Code("f()"),
    ),
    ("an answer guessed, cut off", "<execute>\nf()\n</execute>\n\nObservation:\n5\n\n<solution>\ndef f(", Code("f()")),
    ("an output invented, no answer", "<execute>\nf()\n</execute>\n\nObservation:\nOut[1]: 3\n", Code("f()")),
    ("two searches", "<execute> s('a') </execute>\n\n<execute> s('b') </execute>\n\nAm I right?", Code("s('a')")),
    (
        "a whole run invented",
        "<execute>a()</execute>\nObservation:\n1\n<execute>b()</execute>\nObservation:\n2\n<solution>2</solution>",
        Code("a()"),
    ),
    ("the second cut off", "<execute>a()</execute>\n<thought> Next. </thought>\n<execute>\nprint(round(", Code("a()")),
    ("closed twice", "<execute>\na()\n</execute>\nObservation:\n1\n</execute>\n<solution>1</solution>", Code("a()")),
    ("steps that are equations", "<execute>\n2*A - 5*D = 0\n</execute>\nAnd:\n<execute>\nA == D\n</execute>", Code("2*A - 5*D = 0")),
    ("the same answer twice", "<solution>\n150 - r\n</solution>\n\nThe answer is <solution> 150 - r </solution>.", Answer("150 - r")),
    ("an answer, then a check", "<solution>7</solution>\n<thought> I try it. </thought>\n<execute>f(7)</execute>", Answer("7")),
    ("an answer, then another task", "<solution>7</solution>\n\n---\n\nTask:\nCount the words.", Answer("7")),
    ("two answers and code", "<solution>a</solution>\n1 left.\n<solution>b</solution>\n<execute>f()</execute>", Answer("a")),
]

EMPTY: list[Case] = [
    ("nothing to run", "<thought> That worked. </thought>\n<execute>\n</execute>\n", Fault("no code between")),
    (
        "nothing, several times",
        "<thought>a</thought>\n<execute> </execute>\n<thought>b</thought>\n<execute> </execute>",
        Fault("no code between"),
    ),
    ("nothing, then an answer", "<execute>  </execute>\n<thought> So. </thought>\n<solution> 1962 </solution>", Answer("1962")),
    (
        "nothing twice, then an answer",
        "<execute>\n</execute>\nA.\n<execute>\n</execute>\nThe answer is <solution> B </solution>.",
        Answer("B"),
    ),
    ("nothing, then an open answer", "<execute>\n</execute>\n\nI propose:\n\n<solution> Look at the disc.\n", Answer("Look at the disc.")),
    (
        "nothing, then code",
        "<thought> Eq. </thought>\n<execute> </execute>\n<execute>\nx = 3\n</execute>\n<execute>\nx\n</execute>",
        Code("x = 3"),
    ),
    ("answer thought, nothing to run", "<thought> It is <solution> 21 </solution>. </thought>\n<execute>  </execute>\n", Answer("21")),
]

THOUGHTS: list[Case] = [
    ("the answer inside the thought", "<thought>\nSo the answer is <solution> 4 </solution>.\n</thought>\n", Answer("4")),
    ("an answer thought, code to try it", "<thought> So <solution> 4 </solution>. </thought>\n<execute>\nf(4)\n</execute>", Code("f(4)")),
    ("an answer thought, then said", "<thought> <solution>3</solution>? </thought>\n<solution>4</solution>", Answer("4")),
    (
        "tags spoken of",
        "<thought> I use the <execute> tag and the <solution> tag. </thought>\n<execute>\nf()\n</execute>\n<solution>1</solution>",
        Code("f()"),
    ),
]

NESTED: list[Case] = [
    ("a sentence around the answer", "<solution>\nThe answer is <solution> 10% </solution>.\n</solution>\n", Answer("10%")),
    ("a sentence, closed once", "<solution> The answer is <solution> 76 </solution>.\n", Answer("76")),
    ("reasoning around the answer", "<solution>\nWe know a = b.\n\nSo <solution> 2 </solution>.\n\nThat is it.\n</solution>", Answer("2")),
    ("closed once too often", "<solution>\na\n</solution>\n\nIt is <solution>\na\n</solution>\n</solution>", Answer("a")),
    (
        "an answer printed",
        "<execute>\nprint('It is <solution> B </solution>.')\n</execute>\nThe last.",
        Code("print('It is <solution> B </solution>.')"),
    ),
    ("an answer below the code", "<execute>\nf()\n# Propose it\n<solution>\nx\n</solution>\n</execute>\n", Code("f()\n# Propose it")),
    (
        "an answer in a branch",
        "<execute>\nif f():\n    g()\n    <solution> ok </solution>\nelse:\n    h()\n</execute>",
        Code("if f():\n    g()"),
    ),
    (
        "code that runs on into words",
        "<execute>\nx = f()\n\nThe answer is <solution> 1 </solution>.\n\n<execute>\ny()\n</execute>",
        Code("x = f()"),
    ),
]

OPEN: list[Case] = [
    ("an answer left open", "<thought> I give up. </thought>\n<solution> The book is not found.\n", Answer("The book is not found.")),
    (
        "an answer of several lines left open",
        "<solution>\n1. Open it.\n2. Heat it.\n\nI hope so.\n",
        Answer("1. Open it.\n2. Heat it.\n\nI hope so."),
    ),
    ("half a closing tag", "The answer is <solution>-2</sol\n", Answer("-2")),
    ("code left open", "<thought> A table. </thought>\n<execute>\na | b | c\n", Code("a | b | c")),
    ("code broken off in a call", "<execute>\nx = solve(a, b", Fault("not closed with </execute>")),
    ("code broken off in a block", "<execute>\nif a:\n    b\nelif n ==\n", Fault("not closed with </execute>")),
    ("code broken off in a string", "<execute>\nprint(f('[][][][", Fault("not closed with </execute>")),
    ("an answer closed as code", "<solution>\ndef f(): pass\n</execute>\n\nOutput:\n1\n\n<solution>\ndef f(", Answer("def f(): pass")),
    ("closed as code, and alone", "<solution>42</execute>", Answer("42")),
    ("closing tags on both sides", "Assistant:\n</solution> It cannot be said. </solution>\n", Answer("It cannot be said.")),
    ("a closing tag below words", "We know:\nA = B + T\n\nA\n</execute>\n", Fault("</execute> has no <execute>")),
]

NOTHING: list[Case] = [
    ("nothing at all", "Assistant:\n", Fault("text only")),
    ("an apology", "Assistant:\nSorry for the confusion. Let's simplify it.\n", Fault("text only")),
    ("an answer without tags", "Assistant:\nThe best choice is B) 3.\n", Fault("text only")),
    ("formulas", "Assistant:\nWe have:\ndistance = sqrt((2 - 0)^2)\n\nLet's calculate it.\n", Fault("text only")),
    ("boxed", "Assistant:\nIn conclusion, $a = \\boxed{3}$.\n\nYou have 2 steps left.\n", Fault("text only")),
    ("a function without tags", "<thought> Mine: </thought>\n\nProposed solution:\ndef f(n):\n    return n\n", Fault("text only")),
    ("a note on a function", "It seems that `use` takes one argument.\n", Fault("text only")),
    (
        "a part played",
        "<thought> No. </thought>\n\nTeacher:\n<response>\nWhat do you think?</response>\n",
        Fault("<response> is not a tag"),
    ),
]

OTHERWISE: list[Case] = [
    ("an answer in a fence", "The answer is:\n\n```python\ndef f(n):\n    return n\n```\n", Code("def f(n):\n    return n")),
    ("data shown in a fence", "The graph is:\n   ```\n   g = {0: [1]}\n   ```\nLet's go on.\n", Code("g = {0: [1]}")),
    ("an answer cut off", "<solution>\ndef f(n):\n    return [3, 2,\n", Answer("def f(n):\n    return [3, 2,")),
    ("code cut off that parses", "<execute>\nx = 1\nif x:\n    total += g", Code("x = 1\nif x:\n    total += g")),
]
"""Not read as a careful reader would: the first two were meant as an answer and as nothing, which their shape does not tell; the other two
were broken off by the limit of tokens, which an agent sees and the text does not."""

JUDGED = [case for table in (PAIRS, SEVERAL, EMPTY, THOUGHTS, NESTED, OPEN, NOTHING, OTHERWISE) for case in table]
