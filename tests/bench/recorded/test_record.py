"""Reading recorded runs, and searches answered from them."""

from pathlib import Path

import pytest

from bench.recorded.written import PROMPT, answer, code, line, record
from codeact import errors
from codeact.bench.recorded.record import Reading, Turn, harness_reading, observation, read
from codeact.bench.recorded.web import Asked, Searches, sole_query


def test_a_run_is_its_messages_with_what_came_of_each(tmp_path: Path) -> None:
    record(tmp_path, [line([(code("print(1)"), "1"), (answer("56"), None)], number="7", success=True)])
    (run,) = read(tmp_path)
    assert run.name == ("ant-1b", "legs", "7")
    assert (run.prompt, run.reference, run.success, run.ended) == (PROMPT, "56", True, "task_success")
    assert [turn.message for turn in run.turns] == [code("print(1)"), answer("56")]
    assert run.turns[0].shown is not None and observation(run.turns[0].shown) == "1"
    assert run.turns[1] == Turn(answer("56"), None)


@pytest.mark.parametrize(
    "shown",
    [
        "Observation:\n3\nYou have 4 steps left and 2 chances to propose solution left.\n",
        "Observation:\n3\nYou have 1 steps left and 1 chances to propose solution left.\n"
        "You should take the last step to propose a solution.\n",
    ],
)
def test_the_count_of_what_is_left_is_no_part_of_an_observation(shown: str) -> None:
    assert observation(shown) == "3"


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ("<execute> a() </execute>\n<execute>b()</execute>", "code", "a()\nb()"),
        ("<execute> a() </execute> <solution> 4 </solution> <solution>5</solution>", "answer", "4\n5"),
        ("<execute></execute>", "neither", ""),
        ("<solution> 4", "neither", ""),
        ("It is 4.", "neither", ""),
    ],
)
def test_the_harness_joined_all_parts_and_put_answers_first(message: str, kind: str, text: str) -> None:
    assert harness_reading(message) == Reading.model_validate({"kind": kind, "text": text})


def test_only_some_models_and_subsets_can_be_read(tmp_path: Path) -> None:
    for model in ("ant-1b", "bee-2b"):
        record(tmp_path, [line([(answer("1"), None)])], model=model)
    assert [run.name.model for run in read(tmp_path)] == ["ant-1b", "bee-2b"]
    assert [run.name.model for run in read(tmp_path, ["bee-2b"], ["legs"])] == ["bee-2b"]
    with pytest.raises(errors.InputError, match="model 'cow-3b'; there are: ant-1b, bee-2b"):
        read(tmp_path, ["cow-3b"])
    with pytest.raises(errors.InputError, match="subset 'arms'; there are: legs"):
        read(tmp_path, None, ["arms"])


def test_what_is_no_record_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match="there are no recorded runs below"):
        read(tmp_path)
    broken = line([(answer("1"), None)])
    del broken["task"]["prompt"]
    record(tmp_path, [line([(answer("1"), None)]), broken])
    with pytest.raises(errors.InputError, match=r"line 2 is no recorded run: task\.prompt: Field required"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("source", "query"),
    [
        ("print(wikipedia_search('Ada'))", "Ada"),
        ("# who?\nwikipedia_search('Ada')", "Ada"),
        ("q = 'Ada'\nfound = wikipedia_search(query=q)\nprint(found)".replace("query=q", "q"), "Ada"),
        ("found = wikipedia_search(query='Ada')\nfound", "Ada"),
        ("print(wikipedia_search('Ada'))\nprint(wikipedia_search('Eve'))", None),
        ("print(wikipedia_search('Ada')[:9])", None),
        ("wikipedia_search('Ada', 'Eve')", None),
        ("found = wikipedia_search('Ada')", None),
        ("print(wikipedia_search(name))", None),
        ("print(wikipedia_search('Ada's))", None),
    ],
)
def test_a_text_is_taken_from_code_that_shows_one_search_and_nothing_else(source: str, query: str | None) -> None:
    assert sole_query(source) == query


def test_searches_are_answered_by_the_run_then_by_the_model_then_by_any(tmp_path: Path) -> None:
    ask = "print(wikipedia_search('{}'))"
    own = line([(code(ask.format("Ada")), "Ada, own.")])
    same_model = line([(code(ask.format("Ada")), "Ada, of the model."), (code(ask.format("Eve")), "Eve, of the model.")], number="1")
    other = line([(code(ask.format("Eve")), "Eve, of another."), (code(ask.format("Ida")[6:-1]), "Out[3]: 'Ida\\n1815'")])
    record(tmp_path, [own, same_model])
    record(tmp_path, [other], model="bee-2b")
    runs = read(tmp_path)
    asked = Asked()
    search = Searches(runs).of(runs[0], asked)
    assert [search(query) for query in ("Ada", "Eve", "Ida")] == ["Ada, own.", "Eve, of the model.", "Ida\n1815"]
    with pytest.raises(LookupError, match="the record has no text for this search"):
        search("Zoe")
    assert asked.taken() == (("Zoe",), ("Eve", "Ida"))
    assert asked.taken() == ((), ())


def test_a_search_that_failed_there_fails_here(tmp_path: Path) -> None:
    dashes = "-" * 75
    shown = f"{dashes}\nTooBusy   Traceback (most recent call last)\nCell In[1], line 1\n----> 1 x\n\nTooBusy: try later"
    record(tmp_path, [line([(code("wikipedia_search('Ada')"), shown)])])
    runs = read(tmp_path)
    with pytest.raises(RuntimeError, match=r"^try later$"):
        Searches(runs).of(runs[0], Asked())("Ada")
