"""`%%agent` in a real kernel, on a sandboxed session."""

from pathlib import Path

import pytest

from notebook.kernels import LOAD, Output, acting, answering, executed, one_line, script, texts

CELLS = {
    "load": f"{LOAD}\nimport pandas\ndf = pandas.DataFrame({{'x': [1, 2]}})\nclass Odd: pass\nodd = Odd()",
    "first": "%%agent --model script:talk.txt --file prices.csv\nSum the prices",
    "push": "%%agent --push df\nAdd a column",
    "run": "print(_agent.state, _agent.answer, len(_agent.trajectory.messages))",
    "pull": "%agent --pull changed,total",
    "pulled": "print(type(changed).__name__, list(changed.columns), total)",
    "named": "%agent --out mine And now?",
    "mine": "print(mine.answer)",
    "lost": "%agent --push nothing",
    "odd": "%agent --push odd",
    "no such": "%agent --pull nothing",
    "other": "%agent --model script:other.txt hello",
    "unknown": "%agent --modle x hello",
    "stray": "%%agent Sum them\nplease",
    "turns": "%%agent --turns 0\nhello",
    "value": "%%agent --model\nhello",
    "tools": "%%agent --tools math --tools shop.py\nhello",
    "no file": "%agent --file missing.csv hello",
    "empty": "%agent",
    "new": "%agent --new --model script:other.txt What is total?",
    "unloaded": "%unload_ext codeact\n%agent hello",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Output]]:
    """The outputs of the cells."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "prices.csv").write_text("item,price\na,1\nb,2\n", encoding="utf-8")
    script(
        folder,
        "talk.txt",
        acting(
            "import csv\nprint('reading')\ntotal = sum(int(row['price']) for row in csv.DictReader(open('prices.csv')))\ntotal", "I sum."
        ),
        answering("It is **3**."),
        acting("changed = df.assign(y=df.x + total)\nchanged"),
        answering("Done."),
        answering("Nothing more."),
    )
    script(folder, "other.txt", acting("total"), answering("There is none."))
    return dict(zip(CELLS, executed(folder, *CELLS.values()), strict=True))


def test_a_run_shows_how_it_ended_the_thought_the_code_the_output_and_the_answer(shown: dict[str, list[Output]]) -> None:
    status, thought, code, output, result, answer = shown["first"]
    assert "script:talk.txt · code · isolation" in status["data"]["text/plain"]
    assert "answered · 2 turns" in status["data"]["text/plain"]
    assert thought["data"]["text/plain"] == "I sum."
    assert code["data"]["text/markdown"].startswith("```python\nimport csv\n")
    assert output["data"]["text/plain"] == "reading\n"
    assert result["data"]["text/plain"] == "3"
    assert answer["data"]["text/markdown"] == "It is **3**."


def test_the_session_is_kept_between_cells_and_a_table_is_shown_as_one(shown: dict[str, list[Output]]) -> None:
    tables = [output["data"]["text/html"] for output in shown["push"] if "<table" in output["data"].get("text/html", "")]
    assert len(tables) == 1
    assert "<tr><th>1</th><td>2</td><td>5</td></tr>" in tables[0]


def test_the_run_is_kept_in_a_variable_and_the_agent_is_told_what_was_pushed(shown: dict[str, list[Output]]) -> None:
    assert texts(shown["run"]) == ["answered Done. 9\n"]
    assert texts(shown["mine"]) == ["Nothing more.\n"]


def test_what_is_pulled_is_plain_data_in_the_notebook(shown: dict[str, list[Output]]) -> None:
    assert texts(shown["pull"])[-1].endswith("pulled changed, total")
    assert texts(shown["pulled"]) == ["DataFrame ['x', 'y'] 3\n"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("lost", "--push: the notebook has no variable 'nothing'; run the cell that makes it"),
        ("other", "--model: this conversation began with 'script:talk.txt'; add --new to begin another with 'script:other.txt'"),
        ("unknown", "unrecognized arguments: --modle x; %agent? lists the options"),
        ("stray", "unrecognized arguments: Sum them; the task of %%agent stands in the lines below it; %agent? lists the options"),
        ("turns", "argument --turns: '0' is no number of turns; write 1 or more; %agent? lists the options"),
        ("value", "argument --model/-m: expected one argument; %agent? lists the options"),
        ("tools", "--tools: this conversation began without it; add --new to begin another with 'math', 'shop.py'"),
        ("no file", "--file: there is no file 'missing.csv'"),
        ("empty", "there is no task"),
        ("unloaded", "`%agent` not found"),
    ],
)
def test_what_cannot_be_done_is_one_line(cell: str, says: str, shown: dict[str, list[Output]]) -> None:
    assert says in one_line(shown[cell])


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("odd", "--push odd: a value of type __main__.Odd cannot be sent"),
        ("no such", "--pull nothing: NameError: name 'nothing' is not defined"),
    ],
)
def test_what_cannot_travel_is_told_with_its_reason(cell: str, says: str, shown: dict[str, list[Output]]) -> None:
    assert says in texts(shown[cell])[-1]
    assert not any(output["output_type"] == "error" for output in shown[cell])


@pytest.mark.slow
def test_a_figure_is_shown_as_an_image_and_nothing_is_said_of_caches(tmp_path: Path) -> None:
    model = script(tmp_path, "plot.txt", acting("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"), answering("Drawn."))
    _, outputs = executed(tmp_path, LOAD, f"%%agent --model {model}\nDraw")
    status, _, figure, answer = outputs
    assert figure["data"]["image/png"].startswith("iVBORw0KGgo")
    assert answer["data"]["text/markdown"] == "Drawn."
    assert "answered" in status["data"]["text/plain"]


def test_a_new_conversation_has_a_session_of_its_own(shown: dict[str, list[Output]]) -> None:
    assert any("NameError: name 'total' is not defined" in text for text in texts(shown["new"]))
    assert texts(shown["new"])[-1] == "There is none."
