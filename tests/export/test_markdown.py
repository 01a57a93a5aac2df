"""A trajectory as a Markdown page."""

from codeact.events import DisplayOutput, Feedback, Observation
from codeact.export.markdown import to_markdown
from codeact.export.notebook import to_notebook
from codeact.trajectory import Trajectory


def test_the_page_tells_the_run_in_order(trajectory: Trajectory) -> None:
    page = to_markdown(trajectory)
    places = [
        page.index(text)
        for text in ("Count the rows.", "I read it.", "1/0", "stopped after 30 s", "It is done.\n\n## Answer\n\n3", "*answered: 5 turns")
    ]
    assert places == sorted(places)


def test_a_fence_is_longer_than_any_run_of_backticks_inside(trajectory: Trajectory) -> None:
    page = to_markdown(trajectory)
    assert "``````python\nprint('`````')\nx = 2\nx\n``````" in page
    assert "``````text\n`````\n``````" in page


def test_a_figure_is_inside_the_page(trajectory: Trajectory) -> None:
    assert "![figure](data:image/png;base64," in to_markdown(trajectory)


def test_a_figure_cannot_write_markdown_of_its_own() -> None:
    record = Trajectory()
    record.append(Observation(outputs=(DisplayOutput(data={"image/png": "AAAA) [click](javascript:x"}),)))
    assert "click](" not in to_markdown(record)


def test_a_malformed_turn_and_what_the_model_was_told_are_shown(trajectory: Trajectory) -> None:
    page = to_markdown(trajectory)
    assert "```\nhm\n```" in page
    assert "Neither an action nor an answer." in page


def test_what_the_model_is_told_after_an_action_shows_the_turn_no_second_time(trajectory: Trajectory) -> None:
    again = [each.model_copy(update={"reason": "repeated"}) if isinstance(each, Feedback) else each for each in trajectory.events]
    for text in (to_markdown(Trajectory(events=again)), to_notebook(Trajectory(events=again))):
        assert "Neither an action nor an answer." in text
        assert "hm" not in text


def test_calls_of_one_turn_stand_under_one_heading_each_with_its_output(called: Trajectory) -> None:
    page = to_markdown(called)
    assert page.count("## Turn 1") == 1
    body = page.split("## Turn 1\n\n")[1].split("\n\n## Answer")[0]
    assert body == (
        "I look.\n\n```python\nabs(-2)\n```\n\n```text\n2\n```\n\n```python\npow()\n```\n\n```text\nTypeError: no\n```\n\n*error*"
    )
