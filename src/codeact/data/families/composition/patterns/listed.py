"""The frame of questions about one measure of several things that the prompt names.

Invariant: the answer is computed from the scene's values, and the policy in calls from what the calls gave. It does not: word questions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.scene import Lookup, Read, Scene, Step, asked
from codeact.data.families.composition.subject import Measure, plural
from codeact.data.families.composition.toolmaking import written
from codeact.data.families.words import with_article
from codeact.data.family import Instance

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """The variables of the expert's code.

    Args:
        all: the list of things.
        one: a thing.
        found: the dict of their values.
    """

    all: str
    one: str
    found: str


def names_of(scene: Scene, measure: Measure) -> Names:
    """What the expert calls its variables."""
    subject = scene.subject
    found = plural(measure.key) if scene.chance.random() < 0.7 else "values"
    return Names(subject.many, subject.one, found if found not in (subject.many, subject.one) else "values")


def gathered(scene: Scene, items: Sequence[str], names: Names, read: Read) -> Step:
    """Values of all things into a dict."""
    first = f"{names.all} = {written(list(items))}"
    if scene.loops:
        loop = f"{names.found} = {{}}\nfor {names.one} in {names.all}:\n    {names.found}[{names.one}] = {read(names.one)}"
        return Step(f"{first}\n{loop}", f"print({names.found})")
    return Step(f"{first}\n{names.found} = {{{names.one}: {read(names.one)} for {names.one} in {names.all}}}", f"print({names.found})")


def about(
    scene: Scene,
    prompt: str,
    items: Sequence[str],
    measure: Measure,
    *,
    end: Callable[[Names], Sequence[Step]],
    solve: Callable[[Values], Any],
    check: str,
    lookup: Lookup | None = None,
) -> Instance:
    """A question that is answered from the values of things.

    Args:
        scene, prompt: of it.
        items: the things, in the prompt's order.
        measure: which value.
        end: the steps after the values were gathered.
        solve: the answer from the values.
        check: of the answer.
        lookup: the tool, if the scene has it already.
    """
    tool = lookup or scene.lookup(measure)
    names = names_of(scene, measure)

    def write(read: Read) -> list[Step]:
        return [gathered(scene, items, names, read), *end(names)]

    def calls() -> CallPolicy:
        shown = yield [tool.call(one) for one in items]
        return str(solve({one: tool.shape.unwrap(each) for one, each in zip(items, shown, strict=True)}))

    answer: JsonValue = solve({one: scene.values[measure.key][one] for one in items})
    code = scene.policy(write(tool.read), scene.looks(tool, item=items[0]))
    return asked(scene, prompt, answer, code, calls, check=check, slips=scene.slips(write, tool, items[0]))


def words(scene: Scene, items: Sequence[str], measure: Measure) -> dict[str, str]:
    """What the templates of these questions have places for: ``these`` only stands before a colon."""
    subject = scene.subject
    return {
        "these": scene.chance.choice((subject.nouns, f"{subject.nouns} {subject.where}")),
        "nouns": subject.nouns,
        "noun": subject.noun,
        "items": scene.told(items),
        "value": measure.value,
        "a_value": with_article(measure.value),
        "unit": f" in {measure.unit}" if measure.unit else "",
    }
