"""Tools made of all kinds of callables, and what is no tool."""

import asyncio
import contextvars
import functools
import math
import threading
import types
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import Field
from pydantic.fields import FieldInfo

from codeact.errors import InputError
from codeact.events import ToolSpec
from codeact.protocols import Tool, ToolLimits
from codeact.tools.function import FunctionTool, as_tools, tool
from codeact.tools.yielded import MOST_YIELDED

if TYPE_CHECKING:
    from decimal import Decimal

WHO: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")


def add(a: int, b: int = 1) -> int:
    """Sum."""
    return a + b


class Account:
    """Has a balance."""

    def __init__(self) -> None:
        self.balance = 0
        self.callback = print

    def deposit(self, amount: int) -> int:
        """Put in."""
        self.balance += amount
        return self.balance

    @property
    def worth(self) -> int:
        raise AssertionError("a property is not asked")

    @tool(effect=True, seconds=5)
    def close(self) -> str:
        """End it."""
        return f"closed at {self.balance}"

    def _audit(self) -> None: ...


class Savings(Account):
    def interest(self, rate: float) -> float:
        return self.balance * rate


def module_with(**members: Any) -> types.ModuleType:
    """A module that holds these."""
    made = types.ModuleType("shop")
    for name, member in members.items():
        setattr(made, name, member)
    return made


def names(objects: list[Any]) -> list[str]:
    """Names of the tools made of them."""
    return [made.spec.name for made in as_tools(objects)]


def test_a_tool_is_made_by_call_and_by_decorator_with_its_limits() -> None:
    @tool
    def bare(x: int) -> int:
        return x

    @tool(name="other", description="  Said.\n  Twice.", calls=3, seconds=1.5, effect=True)
    def decorated(x: int) -> int:
        return x

    assert (bare.spec.name, bare.limits) == ("bare", ToolLimits())
    assert decorated.spec == ToolSpec(
        name="other",
        signature="other(x: int) -> int",
        description="Said.\nTwice.",
        parameters={"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"], "additionalProperties": False},
    )
    assert decorated.limits == ToolLimits(calls=3, seconds=1.5, effect=True)
    assert (bare(5), decorated("as it is"), isinstance(bare, Tool)) == (5, "as it is", True)


@pytest.mark.parametrize("limits", [{"calls": 0}, {"calls": True}, {"calls": 1.5}, {"seconds": 0}, {"seconds": "1"}])
def test_limits_that_make_no_sense_are_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(limits))):
        tool(add, **limits)


async def test_an_object_gives_its_public_methods_in_order_and_keeps_its_state() -> None:
    account = Savings()
    tools = as_tools([account])
    assert [made.spec.name for made in tools] == ["deposit", "close", "interest"]
    deposit, close, _ = tools
    await deposit.acall([2], {})
    assert await deposit.acall([3], {}) == 5
    assert (await close.acall([], {}), close.limits) == ("closed at 5", ToolLimits(seconds=5, effect=True))
    assert names([account.deposit, account.close]) == ["deposit", "close"]


def test_a_module_gives_what_it_names_in_all_or_its_own_public_functions() -> None:
    def private(x: int) -> int:
        return x

    private.__module__ = "shop"
    own = types.FunctionType(add.__code__, {}, "own")
    own.__module__ = "shop"
    assert names([module_with(own=own, add=add, _private=private, Account=Account)]) == ["own"]
    assert names([module_with(__all__=["add", "Account"], own=own, add=add, Account=Account)]) == ["add"]
    with pytest.raises(InputError, match="module 'shop' names 'gone' in __all__, and has none"):
        as_tools([module_with(__all__=["gone"])])


def test_tools_partials_builtins_and_methods_of_classes_are_tools() -> None:
    class Kit:
        @classmethod
        def build(cls, x: int) -> str:
            return cls.__name__

        @staticmethod
        def size(x: int) -> int:
            return x

    assert names([tool(add, name="plus"), functools.partial(add, 1), math.sqrt, Kit.build, Kit.size]) == [
        "plus",
        "add",
        "sqrt",
        "build",
        "size",
    ]
    assert as_tools([functools.partial(add, 1)])[0].spec.signature == "add(b: int = 1) -> int"


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (lambda: 1, "a lambda has no name; give it one: tool(function, name='...')"),
        (Account, "'Account' is a class; give an instance"),
        (3, "a int is no tool; give a function"),
        ("add", "a str is no tool"),
        (None, "a NoneType is no tool"),
        (object(), "a object is no tool"),
        (types.ModuleType("empty"), "module 'empty' has no public functions"),
        (threading.Event(), "an object of class 'Event' has no public methods"),
        (max, "the signature of 'max' cannot be read; write a function with type hints that calls it"),
    ],
)
def test_what_is_no_tool_is_refused_with_what_to_give_instead(thing: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        as_tools([thing])
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("objects", ["add", add, 3, {"add": add}, None])
def test_what_is_no_list_of_tools_is_refused(objects: Any) -> None:
    with pytest.raises(InputError, match="give a list"):
        as_tools(objects)


@pytest.mark.parametrize(("name", "words"), [("my tool", "no name in Python"), ("class", "a keyword of Python"), ("", "no name in Python")])
def test_a_name_that_code_cannot_use_is_refused(name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        tool(add, name=name)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two tools are named 'add'"):
        as_tools([add, tool(lambda: 1, name="add")])


def test_a_name_is_written_as_python_reads_it() -> None:
    assert tool(add, name="ﬁnd").spec.name == "find"


def test_the_name_of_a_builtin_is_allowed_and_said() -> None:
    assert "builtins.print" in tool(add, name="print").spec.description


def test_annotations_that_cannot_be_resolved_are_told_with_how_to_mend_it() -> None:
    def price(item: str) -> "Decimal": ...

    with pytest.raises(InputError, match=r"the annotations of 'price' cannot be resolved \(name 'Decimal' is not defined\)"):
        as_tools([price])


def test_a_parameter_that_nothing_in_a_session_fits_must_have_a_default_and_is_then_not_shown() -> None:
    def needs(hook: Callable[[int], int], x: int) -> int:
        return hook(x)

    def has(x: int, lock: threading.Event | None = None, hook: Callable[[int], int] = abs) -> int:
        return hook(x)

    with pytest.raises(InputError, match="parameter 'hook' of 'needs' is Callable\\[\\[int\\], int\\], for which a session has no value"):
        as_tools([needs])
    assert tool(has).spec.signature == "has(x: int) -> int"


def test_a_default_of_pydantics_field_is_refused_with_how_to_write_it() -> None:
    def f(x: int = Field(ge=1)) -> int:
        return x

    assert isinstance(f.__defaults__ and f.__defaults__[0], FieldInfo)
    with pytest.raises(InputError, match="Annotated"):
        as_tools([f])


def test_two_classes_of_one_name_are_refused() -> None:
    def other() -> type:
        @dataclass
        class Note:
            text: str

        return Note

    def f(a: Any, b: Any) -> None: ...

    f.__annotations__ |= {"a": other(), "b": other()}
    with pytest.raises(InputError, match="two classes are named 'Note'"):
        as_tools([f])


def test_nothing_of_a_secret_is_shown() -> None:
    class Client:
        def __repr__(self) -> str:
            return "Client('sk-secret')"

    def search(query: str, key: str, client: Any = Client()) -> str:  # noqa: B008 -- as people write
        return query

    spec = as_tools([functools.partial(search, key="sk-secret")])[0].spec
    assert spec.signature == "search(query: str, *, client: Any = ...) -> str"
    assert "secret" not in spec.model_dump_json()


async def test_a_synchronous_tool_runs_beside_the_loop_with_the_callers_context_and_an_inline_one_on_it() -> None:
    def where() -> tuple[bool, str]:
        return threading.current_thread() is threading.main_thread(), WHO.get()

    WHO.set("me")
    assert await tool(where).acall([], {}) == (False, "me")
    assert await tool(where, inline=True).acall([], {}) == (True, "me")


async def test_many_slow_calls_run_at_once() -> None:
    gate = threading.Barrier(40, timeout=30)
    waited = await asyncio.gather(*(tool(lambda: gate.wait() >= 0, name="meet").acall([], {}) for _ in range(40)))
    assert waited == [True] * 40


async def test_a_cancelled_call_is_left_alone_and_the_next_one_works() -> None:
    go = threading.Event()
    call = asyncio.ensure_future(tool(lambda: go.wait(30), name="wait").acall([], {}))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    go.set()
    assert await tool(add).acall([1], {}) == 2


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize(("raised", "seen"), [(KeyError("k"), KeyError), (StopIteration(1), RuntimeError), (SystemExit(3), RuntimeError)])
async def test_what_a_tool_raises_comes_out_and_never_ends_the_host(raised: BaseException, seen: type[Exception], inline: bool) -> None:
    def fail() -> None:
        raise raised

    async def fail_later() -> None:
        raise raised

    for function in (fail, fail_later):
        with pytest.raises(seen):
            await tool(function, inline=inline).acall([], {})


async def test_a_generator_without_end_is_closed_and_told() -> None:
    closed: list[str] = []

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append("sync")

    async def endless_later() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append("async")

    for function in (endless, endless_later):
        with pytest.raises(ValueError, match=f"yields more than {MOST_YIELDED} values"):
            await tool(function).acall([], {})
    assert closed == ["sync", "async"]


async def test_a_wrapper_that_hides_an_asynchronous_function_is_awaited() -> None:
    async def inner(x: int) -> int:
        return x

    @functools.wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Any:
        return inner(*args, **kwargs)

    made = tool(outer)
    assert made.spec.signature == "async inner(x: int) -> int"
    assert await made.acall([3], {}) == 3


def test_a_decorated_function_may_name_what_is_defined_further_down() -> None:
    @tool
    def early(x: "Later") -> "Later":
        return x

    assert early.spec.signature == "early(x: Later) -> Later"


@dataclass
class Later:
    x: int


def test_the_record_of_a_tool_is_the_same_every_time() -> None:
    assert isinstance(tool(add), FunctionTool)
    assert [made.spec for made in as_tools([add, Account()])] == [made.spec for made in as_tools([add, Account()])]
