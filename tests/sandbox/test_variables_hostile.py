"""Variables that are made to run code, to hang or to lie when somebody looks at them; and guests that answer what they like."""

from collections.abc import Iterator

import pytest

from codeact.errors import SessionError
from codeact.events import Limits, Variables
from codeact.sandbox import channel
from codeact.sandbox.session import Session
from sandbox.test_channel import fed, frame

HOSTILE = """
ran = []
def note(*_, **__):
    if armed:
        ran.append(1)
        raise SystemExit
    return NotImplemented
armed = False

class Meta(type):
    __getattribute__ = lambda kind, name: (note(), type.__getattribute__(kind, name))[1]
    __eq__ = __instancecheck__ = __subclasscheck__ = __call__ = note
    __hash__ = lambda kind: (note(), 1)[1]
    __repr__ = __str__ = __len__ = __dir__ = note
    __name__ = property(note)

methods = ("__repr__", "__str__", "__len__", "__iter__", "__getitem__", "__sizeof__", "__bool__", "__eq__", "__format__", "__dir__",
    "__reduce_ex__", "__index__", "__float__", "__contains__", "__getattr__", "__array__", "items", "keys", "bit_length", "__next__")

def hostile(*bases):
    made = dict.fromkeys(methods, note)
    made |= {"__class__": property(note), "__hash__": lambda one: (note(), 1)[1], "shape": property(note), "dtype": property(note)}
    made["__getattribute__"] = lambda one, name: (note(), object.__getattribute__(one, name))[1]
    return type.__new__(Meta, "Liar", bases, made)

liar = object.__new__(hostile())
text, number, ratio = str.__new__(hostile(str), "abc"), int.__new__(hostile(int), 5), float.__new__(hostile(float), 0.5)
items, mapping, fixed = list.__new__(hostile(list)), dict.__new__(hostile(dict)), tuple.__new__(hostile(tuple), (1, 2))
list.append(items, liar)
dict.__setitem__(mapping, "k", liar)
error, kind = Exception.__new__(hostile(Exception), liar), hostile()
holder = [liar, {"k": liar}, (items,)]

def function(a, b=liar): pass
function.__doc__ = text
function.__signature__ = function.__wrapped__ = liar
class Named: pass
Named.__doc__ = Named.__module__ = text
"""

LIBRARIES = ("numpy", "pandas")


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(preload=(), limits=Limits(action_seconds=20, memory_mb=512)) as one:
        yield one


def shown(session: Session) -> dict[str, str]:
    return {one.name: one.preview for one in session.variables().variables}


def test_no_method_of_a_value_its_class_or_its_metaclass_is_run(session: Session) -> None:
    assert session.run(HOSTILE).status == "ok"
    assert session.run("armed = True").status == "ok"
    found = shown(session)
    assert found["liar"] == "<Liar>"
    assert (found["text"], found["number"], found["ratio"]) == ("Liar('abc')", "Liar(5)", "Liar(0.5)")
    assert (found["items"], found["mapping"], found["fixed"]) == ("Liar([<Liar>])", "Liar({'k': <Liar>})", "Liar(1, 2)")
    assert (found["error"], found["kind"]) == ("Liar(<Liar>)", "class Liar")
    assert found["holder"] == "[<Liar>, {'k': <Liar>}, (Liar([<Liar>]),)]"
    assert (found["function"], found["Named"]) == ("def function(a, b=…)", "class Named")
    assert session.run("ran").result == "[]"


def test_a_class_that_claims_to_be_a_list_or_an_array_is_told_as_what_it_is(session: Session) -> None:
    session.run(
        "class Fake:\n    __class__ = list\n    shape = (1, 2)\n    dtype = 'int'\n    __module__ = 'numpy'\n"
        "Fake.__name__ = 'ndarray'\nfake = Fake()"
    )
    found = {one.name: (one.type, one.shape, one.preview) for one in session.variables().variables}
    assert found["fake"] == ("ndarray", None, "<ndarray>")


def test_modules_put_in_the_place_of_numpy_and_pandas_are_not_asked(session: Session) -> None:
    code = "import sys\nran = []\nclass Trap:\n    def __getattr__(self, name):\n        ran.append(name)\n"
    session.run(f"{code}sys.modules['numpy'] = sys.modules['pandas'] = Trap()\nx = [1]")
    assert shown(session)["x"] == "[1]"
    assert session.run("ran").result == "[]"


def test_what_is_deep_long_or_contains_itself_is_told_in_short(session: Session) -> None:
    session.run(
        "loop = []\nloop.append(loop)\nring = {}\nring['ring'] = ring\ndeep = []\nfor _ in range(100_000): deep = [deep]\n"
        "long = 'x' * 200_000_000\nhuge = 1 << 50_000_000\nname = 'n' * 100_000\nglobals()[name] = 1\n"
        "Class = type('C' * 100_000, (), {'__doc__': 'd' * 1_000_000})\nmany = dict.fromkeys(range(100_000))\n"
        "exec('def wide(' + ', '.join(f'a{n}' for n in range(5000)) + '): pass')"
    )
    found = session.variables().variables
    texts = {one.name: one.preview for one in found}
    assert (texts["loop"], texts["deep"]) == ("[[[[…]]]]", "[[[[…]]]]")
    assert texts["ring"] == "{'ring': {'ring': {'ring': {…}}}}"
    assert texts["huge"] == "an integer of 50000001 bits"
    assert {one.name: one.shape for one in found}["long"] == (200_000_000,)
    assert max(len(text) for one in found for text in (one.name, one.type, one.preview)) <= 300
    assert f"{'n' * 99}…" in texts


@pytest.mark.slow
def test_a_million_variables_are_counted(session: Session) -> None:
    session.run("globals().update({f'v{number}': number for number in range(1_000_000)})")
    found = session.variables()
    assert (len(found.variables), found.more, found.variables[-1].name) == (200, 999_800, "v999999")


def test_names_that_are_no_text_and_texts_that_cannot_be_sent_break_nothing(session: Session) -> None:
    session.run("globals().update({1: 2, None: 3, ('a',): 4, '\\ud800': '\\ud800', 'with space': '\\x1b[2J', '<b>': '<img src=x>'})")
    assert shown(session) == {"?": "'\\ud800'", "with space": "'\\x1b[2J'", "<b>": "'<img src=x>'"}


def test_builtins_and_hooks_that_the_code_has_broken_do_not_matter(session: Session) -> None:
    session.run(
        "import sys, builtins\nx = [1]\nsys.settrace(lambda *a: 1 / 0)\nbuiltins.repr = builtins.type = builtins.len = lambda *a: 1 / 0"
    )
    assert shown(session)["x"] == "[1]"
    session.run("get_ipython().user_ns_hidden = 5")
    with pytest.raises(SessionError, match="the code has broken what tells them"):
        session.variables()
    assert session.run("print(x)").stdout == "[1]\n"


@pytest.mark.slow
def test_pandas_that_the_code_has_broken_is_interrupted_and_the_state_stays() -> None:
    with Session(preload=LIBRARIES, limits=Limits(action_seconds=2)) as session:
        session.run("import pandas\nbefore = 1\ntable = pandas.DataFrame({'a': [1]})\nwrong = pandas.Series([1])\nafter = 2")
        session.run("def fail(*_, **__): raise SystemExit\npandas.Series.memory_usage = fail")
        found = shown(session)
        assert (found["before"], found["wrong"], found["after"]) == ("1", "(cannot be shown)", "2")
        session.run("def spin(*_, **__):\n    while True: pass\npandas.DataFrame.memory_usage = spin")
        cut = session.variables()
        assert ([one.name for one in cut.variables], cut.more) == (["before"], 6)
        assert session.run("before").result == "1"


BLOCKED = (
    "import pandas, signal\nkept = 1\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\ntable = pandas.DataFrame({'a': [1]})\n"
)
ENDINGS = {
    "silent": "def end(*_, **__):\n    while True: pass\npandas.DataFrame.memory_usage = end",
    "gone": "import os\npandas.DataFrame.memory_usage = lambda *_, **__: os._exit(3)",
    "garbage": "import os, time\npandas.DataFrame.memory_usage = lambda *_, **__: (os.write(3, b'x' * 100), time.sleep(9))",
}


@pytest.mark.parametrize(
    "ending", [pytest.param("silent", marks=pytest.mark.slow), "gone", pytest.param("garbage", marks=pytest.mark.slow)]
)
def test_an_interpreter_that_does_not_come_back_from_a_look_is_put_back_as_it_was(ending: str) -> None:
    with Session(preload=LIBRARIES, limits=Limits(action_seconds=1)) as session:
        session.run(BLOCKED)
        session.run(ENDINGS[ending])
        with pytest.raises(SessionError, match=r"cannot be told: .*it is as it was before"):
            session.variables()
        seen = session.run("kept, 'end' in globals()")
        assert (seen.status, seen.state_lost, seen.notice) == ("ok", False, "")
        assert seen.result == f"(1, {ending == 'silent'})"
        session.rollback()
        assert session.run("kept").result == "1"


@pytest.mark.slow
def test_without_checkpoints_one_that_ended_is_told_of_with_the_next_action_and_one_that_is_silent_is_left_alone() -> None:
    with Session(preload=LIBRARIES, limits=Limits(action_seconds=1), checkpoints=False) as session:
        session.run(BLOCKED)
        session.run("import time\npandas.DataFrame.memory_usage = lambda *_, **__: time.sleep(2.5)")
        with pytest.raises(SessionError, match=r"did not answer within 1 s$"):
            session.variables()
        assert session.run("kept", timeout=30).result == "1"
        session.run(ENDINGS["gone"])
        with pytest.raises(SessionError, match="the interpreter ended meanwhile"):
            session.variables()
        seen = session.run("'kept' in globals()", timeout=30)
        assert (seen.result, seen.state_lost) == ("False", True)


def test_an_interpreter_that_ended_between_actions_has_no_variables_and_the_next_action_tells() -> None:
    with Session(preload=()) as session:
        session.run("import os, threading\nthreading.Timer(0.2, os._exit, [0]).start()")
        with pytest.raises(SessionError):
            for _ in range(2000):
                session.variables()
        assert session.run("1").state_lost


WRONG = {
    "no number": {"id": "x", "found": None},
    "no list": {"id": 1, "found": {"variables": 5, "more": 0}},
    "too many": {"id": 1, "found": {"variables": [{"name": "x", "type": "int"}] * 201, "more": 0}},
    "a long name": {"id": 1, "found": {"variables": [{"name": "x" * 101, "type": "int"}], "more": 0}},
    "a long preview": {"id": 1, "found": {"variables": [{"name": "x", "type": "int", "preview": "x" * 301}], "more": 0}},
    "a negative shape": {"id": 1, "found": {"variables": [{"name": "x", "type": "int", "shape": [-1]}], "more": 0}},
    "a shape of too many": {"id": 1, "found": {"variables": [{"name": "x", "type": "int", "shape": [1] * 65}], "more": 0}},
    "a huge size": {"id": 1, "found": {"variables": [{"name": "x", "type": "int", "size": 1 << 64}], "more": 0}},
    "a field more": {"id": 1, "found": {"variables": [], "more": 0, "path": "/etc/shadow"}},
    "no count": {"id": 1, "found": {"variables": [], "more": -1}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_of_another_shape_is_a_broken_wire(wrong: str) -> None:
    assert fed(frame(channel.LOOKED, WRONG[wrong]), []) == ([], True)
    good = {"id": 1, "found": {"variables": [{"name": "x", "type": "int", "shape": [3], "size": 1, "preview": "x"}], "more": 2}}
    assert fed(frame(channel.LOOKED, good), []) == ([channel.Looked(id=1, found=Variables.model_validate(good["found"]))], False)


def test_an_answer_that_nobody_asked_for_is_dropped(session: Session) -> None:
    send = (
        "import json, os, struct\nbody = json.dumps({'id': 1, 'found': {'variables': [], 'more': 7}}).encode()\n"
        "for _ in range(3): os.write(3, struct.pack('>BII', 22, len(body), 0) + body)\nx = 1"
    )
    session.run(send)
    assert shown(session)["x"] == "1"
    assert session.run("x").result == "1"
