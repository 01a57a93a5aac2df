"""Programs and their tests: right ones pass, and nothing else does, whatever it tries."""

import pytest

from codeact import config, events
from codeact.bench.grading import sandbox_of
from codeact.bench.suites.mint import programs

SANDBOX = sandbox_of(config.Settings.model_validate({"preload": ()}), events.Limits())
TESTS = "import colorsys\nassert next_of(1) == 2\nassert next_of(41) == 42\nassert abs(next_of(0.5) - 1.5) < 1e-9"

RIGHT = {
    "plain": "def next_of(n):\n    return n + 1",
    "with a fence and words": "So:\n```python\ndef next_of(n):\n    return n + 1\n```\nThat is all.",
    "with a fence in capitals": "```Python\ndef next_of(n):\n    return n + 1\n```",
    "with a fence of its version": "```python3\ndef next_of(n):\n    return n + 1\n```\nIt adds 1.",
    "with a fence in a docstring": (
        '```python\ndef next_of(n):\n    """Next.\n\n    ```\n    next_of(1)\n    ```\n    """\n    return n + 1\n```'
    ),
    "after a space": " def next_of(n):\n    return n + 1 ",
    "that prints, and runs itself": "print('x' * 10_000)\ndef next_of(n):\n    print(n)\n    return n + 1\nprint(next_of(3))",
    "imported under the name": "import operator\nnext_of = lambda n: operator.add(n, 1)",
}

HOSTILE = {
    "wrong": "def next_of(n):\n    return n",
    "no function": "pass",
    "no Python": "I would add one.",
    "ends at once": "import os\nos._exit(0)",
    "ends as if all were well": "import sys\nsys.exit(0)",
    "ends when called": "import os\ndef next_of(n):\n    os._exit(0)",
    "a thing equal to everything": (
        "class Any:\n    __eq__ = lambda *_: True\n    __sub__ = __rsub__ = lambda *_: 0\ndef next_of(n):\n    return Any()"
    ),
    "a number equal to everything": "class Any(int):\n    __eq__ = lambda *_: True\n    __hash__ = None\ndef next_of(n):\n    return Any()",
    "other builtins": (
        "import builtins\nbuiltins.abs = abs = lambda n: 0\nbuiltins.AssertionError = OSError\ndef next_of(n):\n    return 2"
    ),
    "kills the jury": "import os, signal\ndef next_of(n):\n    os.kill(os.getppid(), signal.SIGKILL)",
    "reads the tests": "import pathlib\nfound = [*pathlib.Path().rglob('*.json')]\ndef next_of(n):\n    return len(found)",
    "reads the jury's memory": "import os\ndef next_of(n):\n    return open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "writes to all descriptors": (
        "import os\ndef next_of(n):\n    for each in range(64):\n        try:\n"
        '            os.write(each, b\'\\n{"secret": "", "reason": ""}\\n{"value": {"int": "2"}}\\n\')\n'
        "        except OSError:\n            pass\n    return 0"
    ),
    "a module for the tests to import": (
        "for name in ('colorsys', 'quopri'):\n    open(name + '.py', 'w').write('import os; os._exit(0)')\ndef next_of(n):\n    return 0"
    ),
    "nested without end": "def next_of(n):\n    a = []\n    a.append(a)\n    return a",
    "never comes back": "def next_of(n):\n    while True:\n        pass",
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT.keys())
async def test_a_right_program_passes_in_any_dress(answer: str) -> None:
    score = await programs.passes(answer, prompt="", tests=TESTS, name="next_of", sandbox=SANDBOX)
    assert score.success, score.reason


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE.keys())
async def test_no_other_program_passes(answer: str) -> None:
    score = await programs.passes(answer, prompt="", tests=TESTS, name="next_of", sandbox=SANDBOX, seconds=2)
    assert not score.success
    assert score.reason


async def test_a_program_may_be_the_end_of_what_was_given() -> None:
    prompt = "from typing import List\n\n\ndef half(n):\n    return n // 2\n\n\ndef halves(ns: List[int]):\n    '''All halves.'''\n"
    tests = "assert halves([2, 4]) == [1, 2]\nassert halves([half(8)]) == [2]"
    for answer in ("    return [half(n) for n in ns]", "def halves(ns: List[int]):\n    return [half(n) for n in ns]"):
        assert (await programs.passes(answer, prompt=prompt, tests=tests, name="halves", sandbox=SANDBOX)).success
    cheat = "def half(n):\n    return n\n\ndef halves(ns):\n    return [1, 2] if len(ns) == 2 else ns"
    assert not (await programs.passes(cheat, prompt=prompt, tests=tests, name="halves", sandbox=SANDBOX)).success


async def test_values_of_all_kinds_come_back_as_they_are() -> None:
    values = "[None, True, 1.5, -0.0, 2**100, 1j, 'é', b'x', [1, (2, {3})], {(1, 2): {'a': frozenset({4})}}]"
    tests = f"assert give() == {values}\nassert [type(each) for each in give()] == [type(each) for each in {values}]"
    assert (await programs.passes(f"def give():\n    return {values}", prompt="", tests=tests, name="give", sandbox=SANDBOX)).success
    tests = "try:\n    give(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError\nassert list(give(2)) == [0, 1]"
    answer = "def give(n):\n    if n < 0:\n        raise ValueError(n)\n    return (each for each in range(n))"
    assert (await programs.passes(answer, prompt="", tests=tests, name="give", sandbox=SANDBOX)).success


async def test_the_original_could_be_deceived_by_what_a_program_returns() -> None:
    assert await programs.passes_as_original("def next_of(n):\n    return n + 1", TESTS, SANDBOX)
    assert not await programs.passes_as_original("def next_of(n):\n    return n", TESTS, SANDBOX)
    assert await programs.passes_as_original(HOSTILE["a thing equal to everything"], "assert next_of(1) == 2", SANDBOX)
