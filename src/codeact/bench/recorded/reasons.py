"""Why an observation is not the recorded one: a class, told from evidence.

Evidence is the two observations, the code, a further run of ours in an interpreter with another hash seed, and what came of earlier actions
of the same run. A class is only given where its evidence is there; of several the first in `RULES` is.

Invariant: no rule knows a task, a model or a run. What no rule explains is `UNEXPLAINED`. It does not: run anything.
"""

import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from codeact.bench.recorded import alike
from codeact.bench.recorded.comparing import STOPPED_ERROR, STOPPED_MESSAGE
from codeact.bench.recorded.seen import Parts, Seen, ours, recorded
from codeact.bench.recorded.source import bound_in, parses_in, reads
from codeact.bench.recorded.web import SEARCH

UNEXPLAINED = "unexplained"
STOPPED_HERE = "seconds: stopped at 30 s here, done there"
DIFFERS = "differs by itself: two runs here differ too"
FOLLOWS = "follows from an earlier difference: "

WORDS_ONLY = ("other words", "Python 3.8 there: other words", "floating point", "version of numpy: numbers", "differs by itself: memory")
"""Classes of observations that differ in their words, and leave the same behind."""

_MISSING_MODULE = re.compile(r"No module named '?([\w.]+)'?")
_MISSING_NAME = re.compile(r"name '(\w+)' is not defined")
_NETWORK = re.compile(r"urlopen error|name resolution|Name or service not known|Max retries exceeded|Network is unreachable")
_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_LIBRARIES = ("sympy", "numpy", "scipy", "pandas", "matplotlib", "networkx", "mpmath")
_OLD_PYTHON = (3, 8)
"""Of the record, as the paths in its tracebacks say."""


@dataclass(frozen=True)
class Evidence:
    """All that there is to tell a class from.

    Args:
        code: what was run.
        seen: what came of it here.
        text: the recorded observation.
        again: what came of it in another interpreter, None if that was not run.
        missed: searches that the record could not answer.
        borrowed: searches that another run's text answered.
        earlier: names that earlier actions of the run bound whose observation differed, and the class of that.
        first: the class of the first difference of the run, empty if there was none.
        before: code of the earlier actions.
    """

    code: str
    seen: Seen
    text: str
    again: Seen | None = None
    missed: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    before: str = ""

    @cached_property
    def mine(self) -> Parts:
        """Ours, taken apart."""
        return ours(self.seen)

    @cached_property
    def theirs(self) -> Parts:
        """The recorded one, taken apart."""
        return recorded(self.text)

    def uses(self, *names: str) -> bool:
        """Whether one of the names stands in this code, or in earlier code of the run, as a word."""
        return any(re.search(rf"\b{re.escape(name)}\b", f"{self.before}\n{self.code}") for name in names)

    @cached_property
    def library(self) -> str:
        """The known library that this code uses, or else earlier code of the run; empty if there is none."""
        here = (name for name in _LIBRARIES if re.search(rf"\b{name}\b", self.code))
        return next(here, "") or next((name for name in _LIBRARIES if self.uses(name)), "")

    @property
    def same_error(self) -> bool:
        """Both raised the same exception after having written the same."""
        return bool(self.mine.error) and self.mine.error == self.theirs.error and self.mine.written == self.theirs.written


def explain(evidence: Evidence) -> str:
    """The class of a difference, `UNEXPLAINED` if there is no evidence for any."""
    return next((name for rule in RULES if (name := rule(evidence))), UNEXPLAINED)


def _web(e: Evidence) -> str:
    """A search that the record does not answer, or answers with the text of another time."""
    if e.missed:
        return "needs the web: the record has no text for a search"
    if e.borrowed:
        return "needs the web: the text of a search is that of another run"
    if e.uses(SEARCH) and e.mine.error == "RuntimeError" and e.mine.message == e.theirs.message:
        return "needs the web: a search failed there"
    if _NETWORK.search(e.mine.message or ""):
        return "needs the web: no network here"
    return ""


def _seconds(e: Evidence) -> str:
    """Only one of the two ran into the limit on seconds."""
    there = e.theirs.error == STOPPED_ERROR and (e.theirs.message or STOPPED_MESSAGE).startswith(STOPPED_MESSAGE)
    here = e.seen.status == "timeout"
    if there and not here:
        return "seconds: stopped at 30 s there, done here"
    if here and not there:
        return STOPPED_HERE
    return ""


def _resources(e: Evidence) -> str:
    """Stopped here by a limit that the original did not have."""
    return f"limits: {e.seen.status} here" if e.seen.status in ("memory", "killed", "crash") or e.mine.error == "MemoryError" else ""


def _packages(e: Evidence) -> str:
    """A package that only one of the two has."""
    missing_here = _MISSING_MODULE.search(e.mine.message or "") if e.mine.error == "ModuleNotFoundError" else None
    missing_there = _MISSING_MODULE.search(e.theirs.message or "") if e.theirs.error == "ModuleNotFoundError" else None
    if missing_here and not missing_there:
        return f"package not installed here: {missing_here[1].partition('.')[0]}"
    if missing_there and not missing_here:
        return f"package not installed there: {missing_there[1].partition('.')[0]}"
    return ""


def _grammar(e: Evidence) -> str:
    """The grammar of Python 3.8 and its words for errors of syntax."""
    there, here = e.theirs.error in _SYNTAX, e.mine.error in _SYNTAX
    if there and here and e.mine.written != e.theirs.written:
        return "Python 3.8 there: what stands above an error of syntax was run"
    if there and here:
        return "Python 3.8 there: other words for an error of syntax"
    if there and not parses_in(e.code, _OLD_PYTHON):
        return "Python 3.8 there: its grammar did not have this"
    return ""


def _old_library(e: Evidence) -> str:
    """What one of the two versions of the standard library, a builtin or a package has, and the other has not."""
    for mine, theirs, lacks in ((e.mine, e.theirs, "there"), (e.theirs, e.mine, "here")):
        text = theirs.message or ""
        if theirs.error in ("ImportError", "AttributeError", "TypeError") and (mine.error, mine.message) != (theirs.error, theirs.message):
            absent = re.search(r"module '(\w+)[\w.]*' has no attribute '\w+'|cannot import name '\w+' from '(\w+)[\w.]*'", text)
            if absent is not None:
                return f"version of {absent[1] or absent[2]}: a name that it does not have {lacks}"
            if "object is not subscriptable" in text and "type" in text:
                return "Python 3.8 there: builtin types take no [...]"
            takes = re.search(r"\b(\w+)(?:\(\))? (?:expected|takes) .*\barguments?\b", text)
            if takes is not None and not re.search(rf"\bdef {takes[1]}\b", f"{e.before}\n{e.code}"):
                return f"other arguments of a function of Python or of a library {lacks}"
    if "integer string conversion" in (e.mine.message or ""):
        return "Python 3.8 there: no limit on the digits of a printed integer"
    return ""


def _checked(e: Evidence) -> str:
    """A call that our tools refuse for the type of an argument, and the original's took."""
    refused = e.mine.error == "TypeError" and re.search(r"\w+\(\) argument '\w+' \(.*\): ", e.mine.message or "")
    return "tools check the types of their arguments here" if refused and e.theirs.error != "TypeError" else ""


def _words(e: Evidence) -> str:
    """The same exception, from the interpreter or a library, in other words."""
    if not e.same_error or e.mine.error == "AssertionError" or e.theirs.message is None:
        return ""
    mine, theirs = e.mine.message or "", e.theirs.message
    of_library = "-packages/" in e.text and alike.words(mine, theirs)
    if "__call__()" in theirs and e.mine.error == "TypeError" and re.search(r"\b(takes|got|missing)\b", mine):
        return "other words for the same exception: tools were objects there"
    longer = mine.startswith(theirs) or theirs.startswith(mine)
    if longer or alike.names(mine, theirs) or of_library or (not re.search(r"'.*'", mine + theirs) and alike.words(mine, theirs)):
        return "other words for the same exception"
    return ""


def _itself(e: Evidence) -> str:
    """It differs from run to run: in ours too, or only in what is known to."""
    if alike.without_addresses(e.mine) == alike.without_addresses(e.theirs):
        return "differs by itself: memory addresses"
    differs = e.again is not None and ours(e.again) != e.mine
    if e.uses("random", "randint", "shuffle", "choice", "uniform", "RandomState") and differs:
        return "differs by itself: random numbers"
    if e.uses("time", "datetime", "timeit", "date") and differs:
        return "differs by itself: the time"
    if alike.same_items(e.mine, e.theirs):
        return "differs by itself: order of a set" if differs or "{" in e.text else f"version of {e.library or 'Python'}: order of items"
    if differs and re.search(r"\bset\(|\{[^:{}]*\}|\bset\b", f"{e.before}\n{e.code}"):
        return "differs by itself: order of a set"
    return DIFFERS if differs else ""


def _digits(e: Evidence) -> str:
    """The same text, but for the last digits of floats."""
    return "floating point: the last digits" if alike.same_numbers(e.mine, e.theirs) else ""


def _shell(e: Evidence) -> str:
    """Lines for a shell, and magics, which speak of the machine."""
    return "shell lines and magics" if re.search(r"^\s*[!%]\w", e.code, re.MULTILINE) else ""


def _console(e: Evidence) -> str:
    """Reads from a console, of which there is none."""
    return "input(): there is no console" if e.uses("input") and ("input" in (e.mine.message or "") or "input" in e.text) else ""


def _figures(e: Evidence) -> str:
    """A figure."""
    return "a figure" if e.uses("matplotlib", "plt", "plot") and (e.seen.figures or "<matplotlib" in e.text or "Figure(" in e.text) else ""


def _shared(e: Evidence) -> str:
    """The original ran all tasks in one process, and put an end to changes of the recursion limit in it."""
    if "Setting recursion limit is disabled" in e.text:
        return "shared process there: the recursion limit could not be set"
    missing = _MISSING_NAME.search(e.mine.message or "") if e.mine.error == "NameError" else None
    if missing and missing[1] not in bound_in(e.before) | bound_in(e.code) and e.theirs.error != "NameError":
        return "shared process there: a name that no action of the run binds"
    return ""


def _depth(e: Evidence) -> str:
    """Recursion without end: how deep it goes, and where it is noticed, is the interpreter's."""
    both = (e.mine.error, e.theirs.error)
    return "Python 3.8 there: recursion without end" if "RecursionError" in both else ""


def _library(e: Evidence) -> str:
    """A library prints or solves otherwise."""
    if alike.same_values(e.mine, e.theirs):
        return "version of numpy: numbers are printed with their type"
    if not e.library:
        return ""
    if alike.same_symbols(e.mine, e.theirs):
        return f"version of {e.library}: the same terms in another order or form"
    if alike.same_figures(e.mine, e.theirs):
        return f"version of {e.library}: the same numbers in another form"
    inside = re.findall(r"-packages/(\w+)", e.text)
    if inside and e.theirs.error and e.mine.error and e.mine.written == e.theirs.written:
        return f"version of {inside[-1]}: another exception from inside it"
    return ""


def _follows(e: Evidence) -> str:
    """Uses what an earlier action bound whose observation differed already, or calls tools, which remember what was done."""
    used = next((name for name in reads(e.code) if name in e.earlier), None)
    if used is not None:
        return FOLLOWS + e.earlier[used]
    tools = set(reads(e.code)) - bound_in(f"{e.before}\n{e.code}") - set(dir(builtins)) - {SEARCH}
    return FOLLOWS + e.first.removeprefix(FOLLOWS) if e.first and tools and not e.mine.error else ""


Rule = Callable[[Evidence], str]

RULES: tuple[Rule, ...] = (
    _web,
    _shell,
    _seconds,
    _resources,
    _packages,
    _grammar,
    _depth,
    _checked,
    _words,
    _old_library,
    _console,
    _shared,
    _digits,
    _figures,
    _follows,
    _itself,
    _library,
)
"""In the order in which they are asked."""
