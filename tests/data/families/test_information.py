"""The made-up knowledge base, and tools under other names."""

import random

import pytest

from codeact.data.families.information.kinds import KINDS
from codeact.data.families.information.world import World, chain
from codeact.data.families.naming import renamed, tool


def test_a_chain_of_facts_leads_from_the_start_to_the_value() -> None:
    for seed in range(30):
        world = World(KINDS, random.Random(seed))
        question = chain(world, world.add("book", depth=3), 3)
        value: object = question.start
        for key in question.keys:
            value = world.named(str(value))[key]
        assert value == question.value
        assert question.phrase.endswith(question.start)


def test_an_article_tells_every_fact_of_the_record() -> None:
    world = World(KINDS, random.Random(2))
    name = world.add("team")
    text = world.article(name)
    assert text.startswith(name)
    assert all(str(value) in text for value in world.records[name].values())


def test_what_is_not_in_the_base_is_told_by_name() -> None:
    world = World(KINDS, random.Random(3))
    city = world.add("city")
    with pytest.raises(KeyError, match="no book called"):
        world.named(city, "book")


def test_a_renamed_function_takes_its_new_names_only() -> None:
    def price(item: str, count: int = 1) -> int:
        return len(item) * count

    call = renamed(price, {"item": "article"})
    assert call(article="pear", count=2) == call("pear", 2) == 8
    made = tool(price, "cost_of", "The price.", {"item": "article"})
    assert made.spec.signature == "cost_of(article: str, count: int = 1) -> int"
    with pytest.raises(TypeError, match="item"):
        made.call((), {"item": "pear"})
