"""A trajectory as a notebook."""

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from codeact.events import Action, Observation, ResultOutput, StreamOutput
from codeact.export.notebook import to_notebook
from codeact.trajectory import Trajectory

pytestmark = pytest.mark.filterwarnings("default")  # jupyter_client's and zmq's own warnings are not ours


def cells(trajectory: Trajectory, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(to_notebook(trajectory))["cells"] if cell["cell_type"] == kind]


def test_the_notebook_is_valid_nbformat_4_5(trajectory: Trajectory) -> None:
    notebook = nbformat.reads(to_notebook(trajectory), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_cell_ids_are_unique_and_the_same_each_time(trajectory: Trajectory) -> None:
    ids = [cell["id"] for cell in json.loads(to_notebook(trajectory))["cells"]]
    assert len(set(ids)) == len(ids)
    assert to_notebook(trajectory) == to_notebook(trajectory)


def test_every_action_is_one_code_cell_in_order(trajectory: Trajectory) -> None:
    code = cells(trajectory, "code")
    assert ["".join(cell["source"]) for cell in code] == ["print('`````')\nx = 2\nx", "1/0", "while True: pass"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3]


def test_task_thought_feedback_and_answer_are_markdown_cells(trajectory: Trajectory) -> None:
    texts = ["".join(cell["source"]) for cell in cells(trajectory, "markdown")]
    assert "Count the rows." in texts[0] and "`rows.csv`" in texts[0]
    assert texts[1] == "I read it."
    assert "Neither an action nor an answer." in texts[2] and "    hm" in texts[2]
    assert texts[3] == "It is done.\n\n# Answer\n\n3"


def test_outputs_keep_their_order_and_kind(trajectory: Trajectory) -> None:
    outputs = cells(trajectory, "code")[0]["outputs"]
    assert [output["output_type"] for output in outputs] == ["stream", "display_data", "display_data", "stream", "execute_result"]
    assert outputs[2]["data"]["application/json"] == {"a": [1]}
    assert outputs[3]["name"] == "stderr"


def test_a_raising_cell_may_raise_again_and_a_stopped_one_is_not_run(trajectory: Trajectory) -> None:
    good, raising, stopped = cells(trajectory, "code")
    assert good["metadata"] == {}
    assert raising["metadata"]["tags"] == ["raises-exception"]
    assert raising["outputs"][0]["ename"] == "ZeroDivisionError"
    assert stopped["metadata"]["tags"] == ["skip-execution"]
    assert "stopped after 30 s" in "".join(stopped["outputs"][0]["text"])


def test_an_action_that_was_cut_off_before_its_observation_is_not_run(trajectory: Trajectory) -> None:
    trajectory.append(Action(turn=6, code="forever()"))
    last = cells(trajectory, "code")[-1]
    assert (last["metadata"]["tags"], last["outputs"]) == (["skip-execution"], [])


def test_running_the_notebook_gives_the_recorded_results() -> None:
    record = Trajectory()
    record.append(Action(turn=1, code="x = 6\nprint('six')"))
    record.append(Observation(turn=1, outputs=(StreamOutput(name="stdout", text="six\n"),)))
    record.append(Action(turn=2, code="raise ValueError(x)"))
    record.append(Observation(turn=2, status="error"))
    record.append(Action(turn=3, code="x * 7"))
    record.append(Observation(turn=3, outputs=(ResultOutput(data={"text/plain": "42"}),)))
    before = nbformat.reads(to_notebook(record), as_version=4)
    after = nbformat.reads(to_notebook(record), as_version=4)
    NotebookClient(after, timeout=60).execute()
    assert after.cells[0].outputs == before.cells[0].outputs
    assert after.cells[1].outputs[0].ename == "ValueError"
    assert after.cells[2].outputs[0].data == before.cells[2].outputs[0].data


def test_calls_of_one_turn_are_cells_of_their_own_each_with_its_output(called: Trajectory) -> None:
    code = cells(called, "code")
    assert [("".join(cell["source"]), cell["outputs"][0]["output_type"]) for cell in code] == [
        ("abs(-2)", "execute_result"),
        ("pow()", "error"),
    ]
    assert [cell["metadata"] for cell in code] == [{}, {"tags": ["raises-exception"]}]
