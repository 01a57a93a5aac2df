"""One task in the making: a few things of a subject with values, the tools that know them, and how an expert goes about it.

Invariant: all follows from the generator of chance; no two things have the same value of a measure. It does not: know what is asked.
"""

import builtins
import datetime
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy
from codeact.bench.task import Tolerance
from codeact.data.families.composition.shapes import Shape, any_shape, naming
from codeact.data.families.composition.subject import Measure, Subject
from codeact.data.families.composition.toolmaking import tool, written
from codeact.data.families.words import with_article
from codeact.data.family import Instance, Slip
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

PEOPLE = (
    "Abena", "Bruno", "Carmen", "Desmond", "Eleni", "Fabian", "Grace", "Hiroshi", "Ingrid", "Jerome", "Katya", "Lorenzo", "Miriam", "Nadia",
    "Oleg", "Petra", "Quentin", "Rosa", "Stefan", "Thandi",
)  # fmt: skip
"""Whose the things are."""

_KNOWN = 9
_SPELT_AS_KEYWORDS = ("name", "item", "key", "query", "target", "label")
_HEADS = ("get_{}", "{}_of", "lookup_{}", "find_{}", "check_{}", "{}_for", "fetch_{}", "read_{}")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the expert's code.

    Args:
        code: lines.
        show: a line that prints what came of it; for all but the last step it can be left out.
    """

    code: str
    show: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A tool that gives a value of a thing.

    Args:
        name: of the tool.
        argument: name of its parameter.
        shape: of its results.
    """

    name: str
    argument: str
    shape: Shape

    def read(self, argument: str) -> str:
        """The value as an expression, of the argument as one."""
        return self.shape.read.format(call=f"{self.name}({argument})")

    def misread(self, argument: str) -> str:
        """An expression that takes the result for something else, and raises."""
        return self.shape.wrong.format(call=f"{self.name}({argument})")

    def call(self, *arguments: Any) -> Call:
        """A call."""
        return Call(self.name, arguments)


Read = Callable[[str], str]


class Scene:
    """A task in the making.

    Args:
        subject: what it is about.
        others: subjects that tools of no use may be of.
        chance: decides all.
    """

    def __init__(self, subject: Subject, others: Sequence[Subject], chance: random.Random) -> None:
        self.subject = subject
        self.chance = chance
        self.names = chance.sample(subject.names, min(_KNOWN, len(subject.names)))
        self.values = {one.key: dict(zip(self.names, self._drawn(one, len(self.names)), strict=True)) for one in subject.measures}
        self.groups = {name: chance.choice(subject.group.values) for name in self.names}
        self.argument = chance.choice(subject.arguments)
        self.loops = chance.random() < 0.4
        self._others = others
        self._tools: dict[str, FunctionTool] = {}
        self._used: set[str] = set()

    def _drawn(self, measure: Measure, count: int) -> list[Any]:
        scale = 10**measure.digits
        drawn = self.chance.sample(range(round(measure.low * scale), round(measure.high * scale) + 1), count)
        return [round(one / scale, measure.digits) if measure.digits else one for one in drawn]

    def measure(self, *, adds: bool = False, counts: bool = False, money: bool = False) -> Measure:
        """A measure of the subject; see `Measure` for what may be asked of it."""
        fit = [one for one in self.subject.measures if (one.adds or not adds) and (one.counts or not counts) and (one.money or not money)]
        return self.chance.choice(fit)

    def some(self, least: int, most: int) -> list[str]:
        """Names of things, in no order."""
        return self.chance.sample(self.names, self.chance.randint(least, most))

    def days(self, first: datetime.date, spread: int) -> dict[str, datetime.date]:
        """A day for each thing, all different."""
        drawn = self.chance.sample(range(spread), len(self.names))
        return {name: first + datetime.timedelta(days) for name, days in zip(self.names, drawn, strict=True)}

    def told(self, names: Sequence[str]) -> str:
        """A list as a prompt has it."""
        style = self.chance.random()
        if style < 0.5:
            return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        return ", ".join(names) if style < 0.8 else written(list(names))

    def known(self, name: str) -> str:
        """The name, if tools know it.

        Raises:
            ValueError: they do not.
        """
        if name not in self.names:
            raise ValueError(f"there is no {self.subject.noun} named {name!r}")
        return name

    def title(self, heads: Sequence[str]) -> str:
        """One of the names of a tool that no tool has yet."""
        free = [one for one in heads if one not in self._tools and not hasattr(builtins, one)]
        return self.chance.choice(free)

    def add(self, made: FunctionTool) -> None:
        """Have a tool in the list."""
        self._tools[made.name] = made

    def uses(self, measure: Measure) -> None:
        """Have no tool of no use that gives a measure."""
        self._used.add(measure.key)

    def lookup(self, measure: Measure, *, bare: float = 0.5, keyed: Mapping[str, str] | None = None) -> Lookup:
        """Add a tool that gives the value of a thing's measure.

        Args:
            measure: which.
            bare: how often it gives the value itself.
            keyed: thing by its number, for a tool that takes that and not the name.
        """
        self._used.add(measure.key)
        subject, values = self.subject, self.values[measure.key]
        number = subject.code.replace(" ", "_")
        shape = any_shape(subject.one if keyed is None else number, measure, self.chance, bare=bare)
        if keyed is None:
            name = self.title([*(head.format(measure.key) for head in _HEADS), f"{subject.one}_{measure.key}", *measure.extra])
            doc = self._doc(measure) + shape.told
            self.add(tool(name, {self.argument: str}, shape.returns, doc, lambda one: shape.wrap(one, values[self.known(one)])))
            return Lookup(name, self.argument, shape)

        def given(code: str) -> Any:
            if code not in keyed:
                raise ValueError(f"there is no {subject.code} {code!r}")
            return shape.wrap(code, values[keyed[code]])

        name = self.title([f"{measure.key}_by_{number}", f"{number}_{measure.key}", f"get_{measure.key}_by_{number}"])
        unit = f", in {measure.unit}" if measure.unit else ""
        doc = f"The {measure.value} of the {subject.noun} with {with_article(subject.code)}{unit}.{shape.told}"
        self.add(tool(name, {number: str}, shape.returns, doc, given))
        return Lookup(name, number, shape)

    def numbers(self) -> tuple[Lookup, dict[str, str]]:
        """Add a tool that gives a thing's number; returns it, and the thing by its number."""
        subject = self.subject
        codes = [f"{subject.mark}-{one}" for one in self.chance.sample(range(1000, 9999), len(self.names))]
        keyed = dict(zip(codes, self.names, strict=True))
        known = {name: code for code, name in keyed.items()}
        number = subject.code.replace(" ", "_")
        shape = naming(number, subject.one, self.chance)
        name = self.title([f"{number}_of", f"find_{number}", f"get_{number}", f"{subject.one}_{number}"])
        doc = f"The {subject.code} of {with_article(subject.noun)}.{shape.told}"
        self.add(tool(name, {self.argument: str}, shape.returns, doc, lambda one: shape.wrap(one, known[self.known(one)])))
        return Lookup(name, self.argument, shape), keyed

    def people(self, count: int) -> tuple[Lookup, dict[str, str]]:
        """Add a tool that gives the name of a person's thing; returns it, and some people with their things."""
        subject, person = self.subject, self.subject.person
        others = [one for one in PEOPLE if one not in self.names]
        owned = dict(zip(self.chance.sample(others, count + 2), self.chance.sample(self.names, count + 2), strict=True))
        shape = naming(subject.one, person.key, self.chance)

        def given(one: str) -> Any:
            if one not in owned:
                raise ValueError(f"there is no {person.key} named {one!r}")
            return shape.wrap(one, owned[one])

        name = self.title(person.tools)
        self.add(
            tool(
                name, {person.key: str}, shape.returns, f"Name of {person.the.replace('{p}', with_article(person.key))}.{shape.told}", given
            )
        )
        return Lookup(name, person.key, shape), dict(list(owned.items())[:count])

    def _doc(self, measure: Measure) -> str:
        one, value = self.subject.noun, measure.value
        unit = f" in {measure.unit}" if measure.unit else ""
        return self.chance.choice(
            (
                f"The {value} of {with_article(one)}{unit}.",
                f"Look up the {value} of {with_article(one)}{f' ({measure.unit})' if unit else ''}.",
                f"{value.capitalize()}{unit} of one {one}, by its name.",
                f"Give the {value} of the {one} with a name{f', {unit.strip()}' if unit else ''}.",
            )
        )

    def ready(self, least: int = 2, most: int = 5) -> tuple[FunctionTool, ...]:
        """All tools in some order, with some of no use among them."""
        wanted = self.chance.randint(max(least, len(self._tools)), max(most, len(self._tools)))
        for made in self._useless():
            if len(self._tools) >= wanted:
                break
            if made.name not in self._tools:
                self.add(made)
        tools = list(self._tools.values())
        self.chance.shuffle(tools)
        return tuple(tools)

    def _useless(self) -> Iterator[FunctionTool]:
        """Tools of other measures and groups, some of other subjects; a measure has one tool, so that there is one right answer."""
        unused = [one for one in self.subject.measures if one.key not in self._used]
        self.chance.shuffle(unused)
        for _ in range(8):
            near = self.chance.random() < 0.6 or not self._others
            scene = self if near else Scene(self.chance.choice(self._others), (), self.chance)
            before = dict(scene._tools)
            if near and unused:
                scene.lookup(unused.pop())
            elif near or self.chance.random() < 0.4:
                scene.of_group()
            else:
                scene.lookup(scene.measure())
            made = [one for name, one in scene._tools.items() if name not in before]
            scene._tools = before
            yield from made

    def of_group(self) -> str:
        """Add a tool that gives the names of a group's things; returns its name."""
        subject, group = self.subject, self.subject.group
        name = self.title(
            [f"{subject.many}_by_{group.key}", f"list_{subject.many}", f"{group.key}_{subject.many}", f"search_{subject.many}"]
        )

        def members(one: str) -> list[str]:
            if one not in group.values:
                raise ValueError(f"there is no {group.key} {one!r}")
            return [thing for thing in self.names if self.groups[thing] == one]

        doc = f"Names of the {subject.nouns} of {with_article(group.key)} ({', '.join(group.values)})."
        self.add(tool(name, {group.key: str}, list[str], doc, members))
        return name

    def policy(self, steps: Sequence[Step], looks: Sequence[str] = (), *, apart: bool = False) -> Callable[[], CodePolicy]:
        """The expert in code.

        Args:
            steps: made one action or one each, by chance; the last line that the last prints is the answer.
            looks: actions before, each to see the shape of a result.
            apart: one each for certain.
        """
        together = not apart and (len(steps) == 1 or self.chance.random() < 0.7)
        shown = self.chance.random() < 0.4
        actions = [joined(steps, shown=shown)] if together else [f"{one.code}\n{one.show}".strip() for one in steps]

        def code() -> CodePolicy:
            said = ""
            for action in (*looks, *actions):
                said = yield action
            return (said.strip().splitlines() or [""])[-1]

        return code

    def slips(self, write: Callable[[Read], Sequence[Step]], lookup: Lookup, item: str) -> tuple[Slip, ...]:
        """Wrong first actions: a result taken for another shape, a wrong name of the argument, a wrong spelling.

        Args:
            write: the code, of how a value is read.
            lookup: whose value it is.
            item: a thing that the code names.
        """
        keyword = self.chance.choice([one for one in _SPELT_AS_KEYWORDS if one != lookup.argument])
        spelt = self.chance.choice([one for one in (item.lower(), item.upper(), f"{item}s", item[:-1]) if one not in self.names])

        def misnamed(argument: str) -> str:
            return lookup.shape.read.format(call=f"{lookup.name}({keyword}={argument})")

        misspelt = joined(write(lookup.read), shown=True).replace(written(item), written(spelt))
        made = [
            Slip("misread shape", joined(write(lookup.misread), shown=True)),
            Slip("wrong argument", joined(write(misnamed), shown=True), (Call(lookup.name, (), {keyword: item}),)),
            Slip("wrong spelling", misspelt, (lookup.call(spelt),)),
        ]
        return tuple(self.chance.sample(made, 2))

    def looks(self, *lookups: Lookup, item: str) -> list[str]:
        """Actions that show results whose shape is not told."""
        return [f"print({one.name}({written(item)}))" for one in lookups if one.shape.hidden]


def joined(steps: Sequence[Step], *, shown: bool) -> str:
    """Steps as one action, what lies between printed or not."""
    parts = [part for one in steps[:-1] for part in ((one.code, one.show) if shown else (one.code,))]
    return "\n".join(part for part in (*parts, steps[-1].code, steps[-1].show) if part)


def asked(
    scene: Scene,
    prompt: str,
    answer: Any,
    code: Callable[[], CodePolicy],
    calls: Callable[[], CallPolicy],
    *,
    check: str = "exact",
    slips: tuple[Slip, ...] = (),
    most: int = 5,
) -> Instance:
    """The instance, with the scene's tools; numbers may be off by a hundredth, which is what rounding can do."""
    return Instance(
        prompt=prompt,
        answer=answer,
        code=code,
        calls=calls,
        check=check,
        tolerance=Tolerance(rel=1e-9, abs=0.0101) if check in ("number", "list", "json", "set") else None,
        tools=scene.ready(most=most),
        slips=slips,
    )
