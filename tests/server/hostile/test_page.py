"""What guests show, on the page of a run: none of it takes the server's time or memory, and none of it takes the page from its reader."""

from pathlib import Path

import pytest

from codeact import events
from codeact.server.page import documents, outputs, rendering, tables
from codeact.server.page.blocks import Block, Fold
from server.serving import Served, script, served

SOURCE = "This HTML takes too much"
FRAME = '<table class="dataframe"><tr><td>1</td></tr></table>'
COSTLY = {
    "formatting times paragraphs": "<p>" + "".join(f"<b id={number}>" for number in range(700)) + "<p>x" * 700,
    "formatting that a cell hides": "<p>" + "".join(f"<b id={number}><object></b></object>" for number in range(700)) + "</p><p>x" * 700,
    "depth times tags": "<div>" * 200_000,
}
LONG = "9" * 5000
"""Digits of which Python makes no number."""


def observation(*, html: str = "", traceback: str = "") -> events.Observation:
    """What came back of an action that showed this, or failed so."""
    found: list[events.Output] = [events.ResultOutput(data={"text/html": html, "text/plain": "shown"})] if html else []
    if traceback:
        found.append(events.ErrorOutput(name="ValueError", message="no", traceback=traceback))
    return events.Observation(turn=1, status="error" if traceback else "ok", outputs=tuple(found), text="shown")


@pytest.mark.parametrize("html", COSTLY.values(), ids=COSTLY.keys())
def test_a_document_that_costs_far_more_than_its_length_is_shown_as_its_source(html: str) -> None:
    made = documents.of_html(html)
    assert SOURCE in made
    assert "&lt;" in made
    assert len(made) < 10 * documents.MOST_SOURCE


def test_long_documents_that_cost_what_they_should_are_shown() -> None:
    row = "<tr><td class=a><b>one</b></td><td>two <a href='https://example.org'>more</a></td></tr>\n"
    made = documents.of_html("<table><tbody>" + row * 5000 + "</tbody></table><script>alert(1)</script>")
    assert (SOURCE in made, made.count("<b>one</b>"), "alert" in made) == (False, 5000, False)
    assert documents.of_html("half \ud800 a pair " * 400).count("half ? a pair") == 400


def test_a_table_is_read_only_from_whole_tags_of_a_data_frame() -> None:
    assert tables.of_html(FRAME) is not None
    for more in ("<td ", "<a " * 500_000, "<", "<!-- ", "<x>", f"&#{LONG};"):
        assert tables.of_html(FRAME.replace("</table>", f"{more}</table>")) is None
        assert tables.of_html(FRAME + more) is None


def test_spans_and_breaks_of_a_table_are_read_whatever_they_are() -> None:
    spans = f'<td colspan="{LONG}" rowspan="{"0" * 5000}3">a{"<br>" * 9000}b</td><td colspan="999">c</td><td colspan="0">d</td>'
    table = tables.of_html(FRAME.replace("<td>1</td>", spans))
    assert table is not None
    cells = table.body[0]
    assert [(cell.columns, cell.rows) for cell in cells] == [(1, 3), (200, 1), (1, 1)]
    assert cells[0].text == f"a{chr(10) * 9000}b"


@pytest.mark.parametrize(
    ("svg", "height"),
    [('<?xml version="1.0"?><svg width="9pt" height="60.5pt">', 104), ("<svg " * 400_000, 320), ('<svg></svg><svg height="60">', 320)],
)
def test_the_height_of_a_drawing_is_read_from_its_first_tag(svg: str, height: int) -> None:
    event = events.Observation(turn=1, status="ok", outputs=(events.DisplayOutput(data={"image/svg+xml": svg}),), text="")
    assert [part.height for part in outputs.parts(event) if isinstance(part, outputs.Frame)] == [height]


def test_digits_that_python_reads_as_no_number_are_no_failure_of_the_page() -> None:
    line = f'Traceback (most recent call last):\n  File "<cell {LONG}>", line {LONG}\n  File "<cell 1>", line 2\nValueError: no'
    table = FRAME.replace("<td>", f'<td colspan="{LONG}">')
    fold = Fold().add_all([events.Action(turn=1, code="1\n2"), observation(html=table, traceback=line)])
    html = rendering.whole(fold, rendering.View())
    assert ("ValueError" in html, "cannot be shown" in html) == (True, False)


class Broken(Block):
    """A block that nobody foresaw: its template finds none of what it needs."""

    kind = "observed"


def test_a_block_that_cannot_be_made_says_so_in_its_place() -> None:
    html = rendering.some([Broken("o1", 1), *Fold().add_all([events.Answered(turn=1, text="the answer")]).blocks], rendering.View())
    assert 'id="o1"' in html
    assert html.index("cannot be shown") < html.index("the answer")


async def test_the_page_of_a_run_stands_whatever_its_guest_raised_and_showed(tmp_path: Path) -> None:
    code = (
        "import traceback\n"
        "class Wrong(Exception):\n"
        f"    def __str__(self): return 'File \"<cell 1>\", line {LONG}'\n"
        "class Shown:\n"
        f"    def _repr_html_(self): return {FRAME!r}.replace('<td>', '<td colspan={LONG}>')\n"
        "display(Shown())\n"
        "raise Wrong()"
    )
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [f"<execute>\n{code}\n</execute>", "<solution>2</solution>"])) as up:
        run = await up.run()
        await up.ended(run["id"])
        answer = await up.http.get(f"/page/runs/{run['id']}/blocks")
        assert answer.status_code == 200, answer.text
        assert "Wrong" in answer.json()["html"]


async def test_a_costly_document_of_a_guest_is_served_as_its_source(tmp_path: Path) -> None:
    html = "'<p>' + ''.join(f'<b id={n}>' for n in range(700)) + '<p>x' * 700"
    code = f"from IPython.display import HTML, display\ndisplay(HTML({html}))"
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [f"<execute>\n{code}\n</execute>", "<solution>2</solution>"])) as up:
        assert SOURCE in await framed(up)


async def framed(up: Served) -> str:
    """The document in the first frame of a new run."""
    run = await up.run()
    await up.ended(run["id"])
    html = (await up.http.get(f"/page/runs/{run['id']}/blocks")).json()["html"]
    address = html.partition(' src="/page/guest/')[2].partition('"')[0]
    assert address, html[-3000:]
    answer = await up.http.get(f"/page/guest/{address}")
    assert answer.status_code == 200, answer.text
    return answer.text
