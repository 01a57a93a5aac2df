"""Messages as models write them, and what they must be understood as: name, message, and the code, the answer or the fault."""

from typing import NamedTuple


class Code(NamedTuple):
    """The message is an action."""

    code: str
    thought: str = ""


class Answer(NamedTuple):
    """The message is an answer."""

    text: str


class Fault(NamedTuple):
    """The message is neither; the words that the feedback must hold."""

    words: str


Case = tuple[str, str, Code | Answer | Fault]

PLAIN: list[Case] = [
    ("an action", "<execute>\nprint(1)\n</execute>", Code("print(1)")),
    ("an action on one line", "<execute>print(1)</execute>", Code("print(1)")),
    ("spaces inside the tags", "<execute> print(1) </execute>", Code("print(1)")),
    ("a thought before", "I add.\n<execute>\n1 + 1\n</execute>", Code("1 + 1", "I add.")),
    ("a thought in tags", "<thought>I add.</thought>\n<execute>\n1 + 1\n</execute>", Code("1 + 1", "<thought>I add.</thought>")),
    ("an answer", "<solution>42</solution>", Answer("42")),
    ("an answer in a sentence", "The answer is <solution> 42 </solution>.", Answer("42")),
    ("an answer of several lines", "<solution>\none\ntwo\n</solution>", Answer("one\ntwo")),
    ("an answer that holds code", "<solution>\n```python\nf()\n```\n</solution>", Answer("```python\nf()\n```")),
    ("an answer with signs", "<solution>a < b & c</solution>", Answer("a < b & c")),
    ("windows line breaks", "<execute>\r\nx = 1\r\nprint(x)\r\n</execute>", Code("x = 1\r\nprint(x)")),
    ("a fence with windows line breaks", "Here:\r\n```python\r\nprint(1)\r\n```\r\nThat prints 1.", Code("print(1)", "Here:")),
    ("blank lines around", "<execute>\n\n\nprint(1)\n\n</execute>", Code("print(1)")),
]

CLOSING: list[Case] = [
    ("closing tag in a string", "<execute>\nprint('</execute>')\n</execute>", Code("print('</execute>')")),
    ("in a triple-quoted string", '<execute>\ns = """\n</execute>\n"""\nprint(s)\n</execute>', Code('s = """\n</execute>\n"""\nprint(s)')),
    ("in an f-string", "<execute>\nprint(f'{x}</execute>')\n</execute>", Code("print(f'{x}</execute>')")),
    ("in a raw string", "<execute>\nprint(r'\\d</execute>')\n</execute>", Code("print(r'\\d</execute>')")),
    ("in a comment", "<execute>\nx = 1  # up to </execute> here\nprint(x)\n</execute>", Code("x = 1  # up to </execute> here\nprint(x)")),
    ("behind a comment", "<execute>print(1)  # done</execute>", Code("print(1)  # done")),
    ("in two strings", "<execute>\na = '</execute>'; b = '</execute>'\n</execute>", Code("a = '</execute>'; b = '</execute>'")),
    ("solution tag in a string", "<execute>\nprint('<solution>1</solution>')\n</execute>", Code("print('<solution>1</solution>')")),
    ("missing", "<execute>\nprint(1)\n", Code("print(1)")),
    ("missing at once", "<execute>print(1)", Code("print(1)")),
    ("half written", "<execute>\nprint(1)\n</exec", Code("print(1)")),
    ("of an answer, missing", "<solution>42", Answer("42")),
    ("of an answer, half written", "<solution>42</", Answer("42")),
    ("of the other kind", "<execute>\nprint(1)\n</solution>", Code("print(1)")),
    ("missing before an answer", "<execute>\nprint(1)\n<solution>1</solution>", Code("print(1)")),
    ("with a space", "<execute>\nprint(1)\n</ execute >", Code("print(1)")),
    ("escaped as in JSON", "<execute>\nprint(1)\n<\\/execute>", Code("print(1)")),
    ("behind broken code", "<execute>\nprint(1\n</execute>", Code("print(1")),
    ("behind prose with an apostrophe", "<execute>\nI don't know\n</execute>", Code("I don't know")),
    ("behind an apostrophe in a string", "<execute>print('De Moivre's')</execute> Then.</execute>", Code("print('De Moivre's')")),
    ("missing, and the code broken", "<execute>\nfor i in range(", Fault("not closed with </execute>")),
    ("alone", "print(1)\n</execute>", Fault("</execute> has no <execute> before it")),
    ("of an answer, alone", "It is 42</solution>", Fault("</solution> has no <solution> before it")),
]

FENCES: list[Case] = [
    ("python fence", "```python\nprint(1)\n```", Code("print(1)")),
    ("py fence with a thought", "I print.\n```py\nprint(1)\n```\nDone.", Code("print(1)", "I print.")),
    ("capital fence", "```Python\nprint(1)\n```", Code("print(1)")),
    ("fence that is not closed", "```python\nprint(1)\n", Code("print(1)")),
    ("bare fence with code", "```\nx = 1\nprint(x)\n```", Code("x = 1\nprint(x)")),
    ("tildes", "~~~python\nprint(1)\n~~~", Code("print(1)")),
    ("fence inside the tags", "<execute>\n```python\nprint(1)\n```\n</execute>", Code("print(1)")),
    ("bare fence inside the tags", "<execute>\n```\nprint(1)\n```\n</execute>", Code("print(1)")),
    ("tilde fence inside the tags", "<execute>\n~~~\nprint(1)\n~~~\n</execute>", Code("print(1)")),
    ("py fence inside the tags, one line", "<execute>```py print(1)```</execute>", Code("print(1)")),
    ("prose and a fence inside the tags", "<execute>\nHere it is:\n```python\nprint(1)\n```\n</execute>", Code("print(1)")),
    ("fence inside the tags, not closed", "<execute>\n```python\nprint(1)\n</execute>", Code("print(1)")),
    ("fence that was never opened", "<execute>\nprint(1)\n```\n</execute>", Code("print(1)")),
    ("broken code in a fence inside the tags", "<execute>\n```python\nprint(1\n```\n</execute>", Code("print(1")),
    ("tags inside a fence", "```\n<execute>\nprint(1)\n</execute>\n```", Code("print(1)")),
    ("tags inside a python fence", "```python\n<execute>\nprint(1)\n</execute>\n```", Code("print(1)")),
    ("a tag inside a string of a fence", "```python\nprint('<execute>')\n```", Code("print('<execute>')")),
    ("a fence inside a string of a fence", '```python\ns = """\n```\n"""\n```', Code('s = """\n```\n"""')),
    ("tags win over an earlier fence", "As in\n```python\nx\n```\n<execute>\nprint(1)\n</execute>", Code("print(1)")),
    ("a fence before an answer", "```python\nprint(1)\n```\n<solution>1</solution>", Code("print(1)")),
    ("an output in a bare fence before an answer", "```\n46\n```\n<solution>46</solution>", Answer("46")),
    ("json fence", '```json\n{"a": 1}\n```', Fault("a ```json block is not run")),
    ("bash fence", "```bash\nls\n```", Fault("a ```bash block is not run")),
    ("bare fence with an output", "```\n46\n```", Fault("only if it is marked ```python")),
    ("empty python fence", "```python\n\n```", Fault("only if it is marked ```python")),
]

TAGS: list[Case] = [
    ("capitals", "<EXECUTE>\nprint(1)\n</Execute>", Code("print(1)")),
    ("capitals in an answer", "<Solution>1</SOLUTION>", Answer("1")),
    ("attributes", '<execute lang="python">\nprint(1)\n</execute>', Code("print(1)")),
    ("bare attribute", "<execute python>\nprint(1)\n</execute>", Code("print(1)")),
    ("escaped", "&lt;execute&gt;\nprint(1 &lt; 2)\n&lt;/execute&gt;", Code("print(1 < 2)")),
    ("escaped answer", "&lt;solution&gt;a &amp;amp; b&lt;/solution&gt;", Answer("a &amp; b")),
    ("escaped code only", "<execute>\nif 1 &lt; 2: print(1)\n</execute>", Code("if 1 < 2: print(1)")),
    ("back-ticks", "`<execute>`\nprint(1)\n`</execute>`", Code("print(1)")),
    ("bold", "**<execute>** print(1) **</execute>**", Code("print(1)")),
    ("bold answer", "**<solution>42</solution>**", Answer("42")),
    ("bold tags of an answer", "**<solution>** 42 **</solution>**", Answer("42")),
    ("inline code inside", "<execute>`print(1)`</execute>", Code("print(1)")),
    ("spoken of before", "I use <execute> now: <execute>print(1)</execute>", Code("print(1)", "I use <execute> now:")),
    (
        "spoken of in back-ticks",
        "With `<execute>` I run it.\n<execute>\nprint(1)\n</execute>",
        Code("print(1)", "With `<execute>` I run it."),
    ),
    ("the answer's spoken of", "The <solution> comes later. <execute>print(1)</execute>", Code("print(1)")),
    ("spoken of before an answer", "No <execute> needed here. <solution>4</solution>", Answer("4")),
    ("empty, then a real one", "<execute></execute> so <execute>print(1)</execute>", Code("print(1)")),
    ("in finished reasoning", "<think>maybe <execute>bad()</execute></think>\n<execute>good()</execute>", Code("good()")),
    ("only in the reasoning", "<think>so <execute>print(1)</execute></think>", Code("print(1)")),
    ("in unfinished reasoning", "<think>so\n<execute>\nprint(1)\n</execute>", Code("print(1)")),
    ("an answer around an action", "<solution><execute>print(1)</execute></solution>", Code("print(1)")),
    (
        "an answer that speaks of a tag",
        "<solution>Write <execute>x</execute> to run x.</solution>",
        Answer("Write <execute>x</execute> to run x."),
    ),
]

SEVERAL: list[Case] = [
    ("action, then answer", "<execute>\nprint(1)\n</execute>\n<solution>1</solution>", Code("print(1)")),
    ("answer, then action", "<solution>1</solution>\n<execute>\nprint(1)\n</execute>", Answer("1")),
    ("two actions", "<execute>\na = 1\n</execute>\n<execute>\nprint(a)\n</execute>", Code("a = 1")),
    ("a broken action, then one", "<execute>\na = = 1\n</execute>\n<execute>\nprint(a)\n</execute>", Code("a = = 1")),
    ("two answers", "<solution>1</solution> or <solution>2</solution>", Answer("1")),
    ("an invented output", "<execute>\nprint(1)\n</execute>\nOutput:\n1\n<solution>1</solution>", Code("print(1)")),
    ("two fences", "```python\na = 1\n```\n```python\nb = 2\n```", Code("a = 1")),
]

LAYOUT: list[Case] = [
    ("indented throughout", "<execute>\n    x = 1\n    print(x)\n</execute>", Code("x = 1\nprint(x)")),
    ("indented with tabs", "<execute>\n\tx = 1\n\tprint(x)\n</execute>", Code("x = 1\nprint(x)")),
    ("indented beside the tag", "<execute>  x = 1\n  print(x)\n</execute>", Code("x = 1\nprint(x)")),
    ("first line beside the tag", "<execute> x = 1\nprint(x)\n</execute>", Code("x = 1\nprint(x)")),
    ("block beside the tag", "<execute>for i in [1]:\n    print(i)\n</execute>", Code("for i in [1]:\n    print(i)")),
    ("no-break spaces", "<execute>\nif\u00a0True:\n\u00a0\u00a0print(1)\n</execute>", Code("if True:\n  print(1)")),
    ("a magic", "<execute>\n%timeit x\n</execute>", Code("%timeit x")),
    ("a cell magic", "<execute>\n%%bash\nls | wc -l\n</execute>", Code("%%bash\nls | wc -l")),
    ("a shell command", "<execute>\n!pip list\nx = !ls\n</execute>", Code("!pip list\nx = !ls")),
    ("a magic in a loop", "<execute>\nfor i in x:\n    !echo {i}\n</execute>", Code("for i in x:\n    !echo {i}")),
    ("help", "<execute>\nlen?\n</execute>", Code("len?")),
    ("top-level await", "<execute>\nx = await f()\n</execute>", Code("x = await f()")),
    ("prompts", "<execute>\n>>> print(1)\n</execute>", Code(">>> print(1)")),
    ("an invalid escape", "<execute>\nprint('\\d')\n</execute>", Code("print('\\d')")),
    ("a comment only", "<execute>\n# nothing\n</execute>", Code("# nothing")),
    ("shifts and comparisons", "<execute>\nprint(1 << 3, 1 < 2)\n</execute>", Code("print(1 << 3, 1 < 2)")),
]

FAULTS: list[Case] = [
    ("empty", "", Fault("it was empty")),
    ("blank", " \n\t", Fault("it was empty")),
    ("text only", "I think it is 42.", Fault("text only")),
    ("empty action", "<execute>\n\n</execute>", Fault("no code between <execute> and </execute>")),
    ("empty answer", "<solution> </solution>", Fault("no answer between <solution> and </solution>")),
    ("code tag", "<code>print(1)</code>", Fault("<code> is not a tag that is read here, write <execute>")),
    ("answer tag", "<answer>42</answer>", Fault("<answer> is not a tag that is read here, write <solution>")),
    ("misspelt tag", "<excute>print(1)</excute>", Fault("<excute> is not a tag that is read here, write <execute>")),
    ("square brackets", "[execute]print(1)[/execute]", Fault("text only")),
    ("square brackets around another name", "[python]print(1)[/python]", Fault("[python] is not a tag that is read here")),
    ("half a tag", "I run it.\n<execute", Fault("the tag <execute> was not complete")),
    ("html", "It is <b>42</b>.", Fault("text only")),
]

EVERY = [case for table in (PLAIN, CLOSING, FENCES, TAGS, SEVERAL, LAYOUT, FAULTS) for case in table]
