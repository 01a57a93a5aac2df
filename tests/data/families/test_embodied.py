"""The worlds of the embodied families: what their tools do, and when a task is done."""

import random

from codeact.data.catalogue import FAMILIES
from codeact.data.families.embodied.building import scene, tools
from codeact.data.families.embodied.chores import States
from codeact.data.families.embodied.house import House, Place, World, WorldTool
from codeact.data.families.embodied.judging import house
from codeact.data.family import Family

EMBODIED = [family for family in FAMILIES if family.domain == "embodied"]


def _world(tool: WorldTool) -> World:
    return tool.world


def _first(family: Family, number: int):
    return family.instance("unseen-tools" if family.held_out else "train", 0, number)


def test_an_answer_without_the_deed_is_wrong() -> None:
    for family in EMBODIED:
        for number in range(5):
            assert not house("done", _first(family, number).tools).success, family.name


def test_the_deed_without_an_answer_is_wrong() -> None:
    world = States({"lamp": True}, {"lamp": True})
    tool = WorldTool(world, lambda: None, name="look", description="Look.")
    assert house("done", [tool]).success
    assert not house(None, [tool]).success
    assert not house("I think so", [tool]).success


def test_what_nobody_asked_for_must_not_be_done() -> None:
    world = States({"fern": 0, "palm": 0}, {"fern": 50, "palm": 0})
    world.now["fern"] = 50
    assert world.done
    world.now["palm"] = 50
    assert not world.done


def test_a_thing_is_taken_only_where_one_is_and_after_opening() -> None:
    here = House({"chest 1": Place("chest 1", ["hat 1"], closed=True), "table 1": Place("table 1")})
    assert here.take("hat 1") == "There is no hat 1 here."
    assert here.go("chest 1") == "The chest 1 is closed."
    assert here.take("hat 1") == "There is no hat 1 here."
    assert here.unclose("chest 1") == "In the chest 1: hat 1."
    assert here.take("hat 1") == "You hold the hat 1."
    here.go("table 1")
    assert here.put("hat 1") == "The hat 1 is now on the table 1."
    assert here.where("hat 1") == "table 1"


def test_what_is_cooled_is_no_longer_hot() -> None:
    here = House({"stove": Place("stove"), "fridge": Place("fridge", ["pear 1"])}, {"stove": "hot", "fridge": "cold"})
    here.go("fridge")
    here.take("pear 1")
    assert here.change("pear 1", "hot") == "That works at the stove only."
    here.go("stove")
    here.change("pear 1", "hot")
    here.go("fridge")
    here.change("pear 1", "cold")
    assert here.states["pear 1"] == {"cold"}


def test_the_tools_of_a_scene_act_in_its_house() -> None:
    made = scene(random.Random(1), ["cup", "pan"])
    go, _ = tools(made, "go", "take")
    assert _world(go) is made.house
    assert go(made.search[0]) == made.house.seen(made.house.places[made.search[0]])
