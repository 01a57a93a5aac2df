"""The tasks of MINT: what is said where the data is missing, and what they are where it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.originals import original
from codeact import errors
from codeact.bench.suite import Suite, read
from codeact.bench.suites.mint import tasks, tools, world

GAME = {
    "pddl_domain": "(define (domain alfred))",
    "grammar": 'grammar :: """ { "task": [ { "rhs": "Your task is to: put a cup on the shelf." } ] } """;',
    "pddl_problem": """
        (receptacleAtLocation Shelf_bar__plus_02 loc_1)
        (receptacleAtLocation Shelf_bar__plus_01 loc_2)
        (receptacleAtLocation Sink_bar__plus_01_bar_SinkBasin loc_3)
        (:goal (exists (?r - receptacle) (receptacleAtLocation ?r loc_1)))
    """,
}
QUESTION = {"id": 0, "prompt": "What is 2 + 2? ", "reference": "4"}


def lines(folder: Path, subset: str, row: dict[str, Any], count: int) -> None:
    """A file of a subset, with the same task again and again."""
    (folder / subset).mkdir(parents=True, exist_ok=True)
    text = "\n".join(json.dumps({**row, "id": number}) for number in range(count))
    (folder / subset / "test_prompts.json").write_text(text, encoding="utf-8")


def of(folder: Path, *subsets: str) -> Suite:
    return read("mint", data=folder, options={"subset": list(subsets)})


def test_without_data_it_is_said_what_to_give() -> None:
    with pytest.raises(errors.InputError, match="--data PATH"):
        read("mint")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"nowhere.*--data PATH"):
        read("mint", data=tmp_path / "nowhere")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"gsm8k.test_prompts\.json.*--data PATH"):
        read("mint", data=tmp_path)


def test_a_file_with_too_few_tasks_is_refused(tmp_path: Path) -> None:
    lines(tmp_path, "gsm8k", QUESTION, 47)
    with pytest.raises(errors.InputError, match="has 47 tasks and not 48"):
        of(tmp_path, "gsm8k")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    lines(tmp_path, "mbpp", {"prompt": "Add."}, 91)
    with pytest.raises(errors.InputError, match=r"mbpp.*is not as the original's"):
        of(tmp_path, "mbpp")


def test_an_unknown_subset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match="no subset 'gsm9k'; it has: gsm8k, math"):
        of(tmp_path, "gsm9k")


def test_too_few_games_are_refused(tmp_path: Path) -> None:
    (tmp_path / "alfworld").mkdir()
    (tmp_path / "alfworld" / "gamefile_id.txt").write_text("a/b\n", encoding="utf-8")
    with pytest.raises(errors.InputError, match="names 1 games and not 134"):
        of(tmp_path, "alfworld")


def test_the_subset_is_the_first_tag(tmp_path: Path) -> None:
    lines(tmp_path / "processed", "gsm8k", QUESTION, 48)
    suite = of(tmp_path, "gsm8k")
    assert len(suite.tasks) == 48
    assert suite.tasks[0].tags == ("gsm8k", "reasoning")
    assert suite.tasks[0].prompt.startswith("What is 2 + 2?\n")


def test_a_function_under_test_may_have_the_name_of_a_builtin(tmp_path: Path) -> None:
    row = {"prompt": '"""\nAdd.\n"""\n', "code": "def sum(a, b):\r\n    return a + b", "reference": "assert sum(1, 2) == 3"}
    lines(tmp_path, "mbpp", row, 90)
    with (tmp_path / "mbpp" / "test_prompts.json").open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({**row, "id": 90, "reference": "assert set(shared([1], [1])) == {1}"}))
    suite = of(tmp_path, "mbpp")
    assert [task.data["name"] for task in suite.tasks[-2:]] == ["sum", "shared"]
    assert "\r" not in str(suite.tasks[0].answer)


def test_what_is_first_seen_of_a_game_is_read_from_its_problem() -> None:
    assert tasks.first_seen(GAME) == f"{tasks._FIRST_SEEN} a shelf 2, a shelf 1, and a sinkbasin 1."
    assert world.goal_of(GAME) == "Your task is to: put a cup on the shelf."


def test_a_file_that_is_no_game_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "game.tw-pddl"
    with pytest.raises(errors.InputError, match="cannot read the game"):
        world.read_game(path)
    path.write_text('{"grammar": "x"}', encoding="utf-8")
    with pytest.raises(errors.InputError, match="no game of ALFWorld: it has no 'pddl_domain'"):
        world.read_game(path)


class Room:
    """A house in which nothing is wanted but that one claps twice."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.open = True

    @property
    def won(self) -> bool:
        return self.heard.count("look") == 2

    def act(self, command: str) -> str:
        self.heard.append(command)
        return f"You did: {command}."

    def close(self) -> None:
        self.open = False


def test_tools_of_a_house_speak_its_words_and_share_one_visit() -> None:
    room = Room()
    named = {tool.__name__: tool for tool in tools.tools_of(tools.Visit(lambda: room))}
    assert named["take_from"]("cup 1", receptacle="shelf 2") == "You did: take cup 1 from shelf 2."
    calls = ("put", "cup 1", "desk 1"), ("goto", "desk 1"), ("open_receptacle", "box 1"), ("close_receptacle", "box 1")
    more = ("toggle", "lamp 1"), ("use", "lamp 1"), ("clean", "cup 1", "sink 1"), ("heat", "cup 1", "oven 1"), ("cool", "cup 1", "fridge 1")
    for name, *arguments in (*calls, *more):
        named[name](*arguments)
    assert room.heard[1:] == [
        "put cup 1 in/on desk 1",
        "go to desk 1",
        "open box 1",
        "close box 1",
        "toggle lamp 1",
        "use lamp 1",
        "clean cup 1 with sink 1",
        "heat cup 1 with oven 1",
        "cool cup 1 with fridge 1",
    ]
    named["look"].close()
    named["put"].close()
    assert not room.open
    with pytest.raises(errors.InputError, match="over"):
        named["look"]()


def test_won_is_not_merely_done() -> None:
    visit = tools.Visit(Room)
    look = next(tool for tool in tools.tools_of(visit) if tool.__name__ == "look")
    look()
    assert not visit.won
    assert not visit.done
    look()
    assert visit.won
    idle = tools.Visit(Room)
    for _ in range(tools.MOST_STEPS):
        idle.act("wait")
    assert idle.done
    assert not idle.won


def test_what_was_won_stays_won() -> None:
    visit = tools.Visit(Room)
    for _ in range(3):
        visit.act("look")
    assert visit.won


def test_a_search_answers_from_the_record_or_says_that_there_is_no_network(tmp_path: Path) -> None:
    lines(tmp_path, "gsm8k", QUESTION, 48)
    suite = of(tmp_path, "gsm8k")
    task = suite.tasks[0].model_copy(update={"data": {"subset": "gsm8k", "recorded_searches": {"Li Bai": "A poet."}}})
    (search,) = suite.tools(task)
    assert search("Li Bai") == "A poet."
    with pytest.raises(ConnectionError, match="no network"):
        search("Du Fu")


def test_the_data_has_586_tasks_in_eight_subsets() -> None:
    suite = read("mint", data=original("mint"))
    assert len(suite.tasks) == 586
    assert {task.domain for task in suite.tasks} == set(tasks.SUBSETS)
    assert all(task.data["expert"] for task in suite.tasks if task.domain == "alfworld")


def test_what_is_first_seen_is_what_the_game_itself_says() -> None:
    data = original("mint")
    for name in ("textworld", "fast_downward"):
        pytest.importorskip(name, reason="a house is played by textworld: pip install 'codeact[mint]'")
    task = next(task for task in of(data, "alfworld").tasks if "Book-None-DeskLamp" in task.id)
    house = world.House(data / "processed" / str(task.data["game"]))
    assert task.prompt.endswith(house.intro.replace("\n\n", "\n"))
    assert house.act("go to desk 1").startswith("On the desk 1, you see ")
    assert "examine desk 1" in house.commands
    assert house.reset() == house.intro
    house.close()
    with pytest.raises(errors.InputError, match="closed"):
        house.act("look")


def test_a_house_is_won_by_the_trajectory_that_comes_with_it() -> None:
    data = original("mint")
    for name in ("textworld", "fast_downward"):
        pytest.importorskip(name, reason="a house is played by textworld: pip install 'codeact[mint]'")
    suite = of(data, "alfworld")
    task = next(task for task in suite.tasks if "Cloth-None-CounterTop" in task.id)
    made: Any = suite.tools(task)
    named = {tool.__name__: tool for tool in made}
    assert "You are in the middle of a room" in named["look"]()
    assert named["goto"]("the moon") == world.NOTHING
    expert: Any = task.data["expert"]
    for name, *arguments in expert:
        assert named[name](*arguments) not in ("", world.NOTHING)
    assert made[0].visit.won
    named["look"].close()
