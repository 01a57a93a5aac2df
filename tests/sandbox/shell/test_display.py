"""The guest shell's rich output: results and displays as MIME bundles, broken representations, figures, tables."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.shell.driver import Ran, ShellProcess

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    with ShellProcess(tmp_path_factory.mktemp("workspace")) as process:
        yield process


@pytest.fixture(scope="module")
def plotting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    with ShellProcess(tmp_path_factory.mktemp("plots")) as process:
        process.run("import matplotlib.pyplot as plt")
        yield process


def figures(ran: Ran) -> list[bytes]:
    return [each["image/png"] for each in ran.displays if "image/png" in each]


@pytest.mark.parametrize(
    ("expression", "kind", "content"),
    [
        pytest.param("HTML('<b>x</b>')", "text/html", "<b>x</b>", id="HTML is text"),
        pytest.param("Markdown('*x*')", "text/markdown", "*x*", id="Markdown is text"),
        pytest.param("Latex('$x$')", "text/latex", "$x$", id="LaTeX is text"),
        pytest.param("JSON({'a': [1]})", "application/json", '{"a": [1]}', id="JSON is JSON text"),
        pytest.param("Image(data=b'\\x89PNG\\r\\n\\x1a\\n1')", "image/png", PNG + b"1", id="an image is bytes"),
        pytest.param("Image(data=b'\\xff\\xd8\\xff1', format='jpeg')", "image/jpeg", b"\xff\xd8\xff1", id="a JPEG is bytes"),
        pytest.param("SVG('<svg><g/></svg>')", "image/svg+xml", "<svg><g/></svg>", id="SVG is text"),
    ],
)
@pytest.mark.parametrize("way", ["result", "display"])
def test_rich_objects_come_as_bundles(shell: ShellProcess, way: str, expression: str, kind: str, content: str | bytes) -> None:
    shell.run("from IPython.display import HTML, JSON, SVG, Image, Latex, Markdown, display")
    ran = shell.run(expression if way == "result" else f"display({expression})")
    bundle = ran.result if way == "result" else ran.displays[0]
    assert bundle is not None
    assert bundle[kind] == content
    assert "text/plain" in bundle


def test_representation_methods_are_all_asked(shell: ShellProcess) -> None:
    ran = shell.run(
        "class R:\n    def __repr__(self): return 'r'\n    def _repr_html_(self): return '<r>'\n    def _repr_png_(self): return b'p'\nR()"
    )
    assert ran.result == {"text/plain": "r", "text/html": "<r>", "image/png": b"p"}


def test_a_mime_bundle_method_may_name_any_type(shell: ShellProcess) -> None:
    ran = shell.run("class M:\n    def _repr_mimebundle_(self, **_): return {'text/plain': 'm', 'application/vnd.x+json': {'b': 2}}\nM()")
    assert ran.result is not None
    assert json.loads(ran.result["application/vnd.x+json"]) == {"b": 2}


def test_displays_come_in_order_and_display_needs_no_import(shell: ShellProcess) -> None:
    assert [each["text/plain"] for each in shell.run("display(1)\ndisplay(2, 'three')").displays] == ["1", "2", "'three'"]


def test_an_updated_display_is_shown_again(shell: ShellProcess) -> None:
    ran = shell.run("handle = display('old', display_id=True)\nhandle.update('new')")
    assert [each["text/plain"] for each in ran.displays] == ["'old'", "'new'"]


def test_clear_output_takes_nothing_back(shell: ShellProcess) -> None:
    assert shell.run("from IPython.display import clear_output\nprint('kept'); clear_output()").shown == {"stdout": "kept\n"}


def test_an_object_that_displays_itself_is_no_result(shell: ShellProcess) -> None:
    assert shell.run("class I:\n    def _ipython_display_(self): print('myself')\nI()").shown == {"stdout": "myself\n"}


def test_a_captured_display_is_not_shown(shell: ShellProcess) -> None:
    assert shell.run("%%capture\ndisplay(5)\n6").shown == {}


def test_a_broken_repr_is_an_error_with_its_line(shell: ShellProcess) -> None:
    ran = shell.run("class B:\n    def __repr__(self):\n        return self.missing\nB()")
    assert ran.status == "error"
    assert "line 3, in __repr__" in ran.traceback
    assert ran.traceback.endswith("AttributeError: 'B' object has no attribute 'missing'\n")


def test_a_broken_rich_representation_leaves_the_text(shell: ShellProcess) -> None:
    ran = shell.run("class H:\n    def __repr__(self): return 'h'\n    def _repr_html_(self): raise ValueError('no html')\nH()")
    assert (ran.status, ran.result) == ("ok", {"text/plain": "h"})
    assert ran.stderr.endswith("ValueError: no html\n")


def test_displaying_a_broken_object_fails_at_the_users_line(shell: ShellProcess) -> None:
    ran = shell.run_all("class B:\n    def __repr__(self): return 1 / 0", "x = 1\ndisplay(B())")
    assert ran.traceback.startswith('Traceback (most recent call last):\n  File "<cell 2>", line 2, in <module>\n    display(B())\n')
    assert ran.error is not None
    assert ran.error[0] == "ZeroDivisionError"


def test_a_repr_without_end_is_a_recursion_error(shell: ShellProcess) -> None:
    ran = shell.run("class Deep:\n    def __repr__(self): return repr(self)\nDeep()")
    assert ran.error is not None
    assert ran.error[0] == "RecursionError"
    assert "more times]" in ran.traceback


def test_a_huge_text_is_cut_in_the_middle(shell: ShellProcess) -> None:
    text = shell.run("'a' * 2_000_000 + 'b' * 2_000_000").text
    assert len(text) < 1_000_100
    assert text.startswith("'aaa")
    assert text.endswith("bbb'")
    assert "[... 3000002 characters left out ...]" in text


def test_a_bundle_too_large_for_the_wire_is_left_out(shell: ShellProcess) -> None:
    ran = shell.run("class Huge:\n    def __repr__(self): return 'huge'\n    def _repr_html_(self): return 'x' * 20_000_000\nHuge()")
    assert ran.result == {"text/plain": "huge"}


def test_the_user_may_register_a_representation_for_plain_types(shell: ShellProcess) -> None:
    shell.run("html = get_ipython().display_formatter.formatters['text/html']\nhtml.for_type(int, lambda n: f'<i>{n}</i>');")
    ran = shell.run("7")
    shell.run("html.pop(int);")
    assert ran.result == {"text/plain": "7", "text/html": "<i>7</i>"}


def test_assignments_are_shown_if_the_user_says_so(shell: ShellProcess) -> None:
    shell.run("%config InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'")
    shown = shell.run("shown = 3").text
    shell.run("%config InteractiveShell.ast_node_interactivity = 'all'")
    every = shell.run("1\n2")
    shell.run("%config InteractiveShell.ast_node_interactivity = 'last_expr'")
    assert shown == "3"
    assert (every.displays, every.text) == ([{"text/plain": "1"}], "2")


def test_a_table_comes_as_text_and_html(shell: ShellProcess) -> None:
    ran = shell.run("import pandas as pd\npd.DataFrame({'a': [1, 2]})")
    assert ran.text == "   a\n0  1\n1  2"
    assert ran.result is not None
    assert "<table" in ran.result["text/html"]


def test_a_long_table_is_shortened_by_its_library(shell: ShellProcess) -> None:
    assert "[1000 rows x 1 columns]" in shell.run("pd.DataFrame({'a': range(1000)})").text


def test_a_figure_comes_without_show(plotting: ShellProcess) -> None:
    ran = plotting.run("plt.plot([1, 2]);")
    assert [each[:8] for each in figures(ran)] == [PNG]
    assert ran.result is None


def test_show_shows_at_once_and_the_end_of_the_cell_not_again(plotting: ShellProcess) -> None:
    ran = plotting.run("plt.plot([1, 2])\nplt.show()\ndisplay('after')")
    assert [sorted(each) for each in ran.displays] == [["image/png", "text/plain"], ["text/plain"]]


def test_two_figures_are_two_displays(plotting: ShellProcess) -> None:
    assert len(figures(plotting.run("plt.figure(); plt.plot([1])\nplt.figure(); plt.plot([2]);"))) == 2


def test_figures_are_closed_after_the_cell(plotting: ShellProcess) -> None:
    plotting.run("plt.plot([1]);")
    assert plotting.run("plt.get_fignums()").shown == {"result": "[]"}


def test_a_figure_as_result_is_shown_once(plotting: ShellProcess) -> None:
    ran = plotting.run("fig, ax = plt.subplots()\nax.plot([1])\nfig")
    assert ran.result is not None
    assert ran.result["image/png"][:8] == PNG
    assert ran.displays == []


def test_figures_of_a_cell_that_failed_are_shown(plotting: ShellProcess) -> None:
    ran = plotting.run("plt.plot([1])\n1 / 0")
    assert (ran.status, len(figures(ran))) == ("error", 1)


def test_a_figure_that_cannot_be_drawn_is_an_error_and_is_closed(plotting: ShellProcess) -> None:
    ran = plotting.run("plt.plot([1]); plt.title(r'$\\frac{$');")
    assert ran.error is not None
    assert "frac" in ran.error[1]
    assert plotting.run("plt.get_fignums()").text == "[]"


def test_savefig_writes_the_file(plotting: ShellProcess) -> None:
    plotting.run("plt.plot([1]); plt.savefig('saved.png');")
    assert (plotting.workspace / "saved.png").read_bytes()[:8] == PNG


@pytest.mark.parametrize("backend", ["Agg", "inline"])
def test_figures_come_whatever_backend_the_user_chooses(tmp_path: Path, backend: str) -> None:
    choice = "%matplotlib inline" if backend == "inline" else "import matplotlib; matplotlib.use('Agg')"
    with ShellProcess(tmp_path) as shell:
        ran = shell.run(f"{choice}\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nx = 1")
    assert len(figures(ran)) == 1
    assert ran.stderr == ""


def test_a_table_plots_itself(plotting: ShellProcess) -> None:
    assert len(figures(plotting.run("import pandas\npandas.Series([1, 2]).plot();"))) == 1


def test_figures_come_when_matplotlib_was_loaded_before_the_fork(tmp_path: Path) -> None:
    with ShellProcess(tmp_path, before="import matplotlib.pyplot") as shell:
        assert len(figures(shell.run("import matplotlib.pyplot as plt\nplt.plot([1]);"))) == 1


def test_matplotlib_is_not_loaded_for_cells_that_do_not_use_it(shell: ShellProcess) -> None:
    assert shell.run("import sys\n'matplotlib' in sys.modules").text == "False"
