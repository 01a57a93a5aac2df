"""Charts are whole drawings that take the page's colours, say in words what they show, and draw any name as it is."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.report import simulated
from codeact import errors
from codeact.bench.report import charts, folder, palette, scores, words

NAMES = {"success", "differences", "turns", "failures", "paper"}
NASTY = "$x^2$ </text><script>alert(1)</script> \u202e\x1b[31m \u732b"


def drawn(path: Path, **options: object) -> list[charts.Chart]:
    return charts.charts(scores.scores(folder.read(simulated.folder(path, records=False, **options))))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[charts.Chart]:
    return drawn(tmp_path_factory.mktemp("charts"), models={"local": 0.6, NASTY: 0.4, "silent": 0, "guess": 0, "oracle": 1}, repeats=2)


def test_there_is_every_chart_whole_and_as_png(made: list[charts.Chart]) -> None:
    assert {chart.name for chart in made} == NAMES
    for chart in made:
        assert ET.fromstring(chart.svg).tag.endswith("svg")
        assert chart.png.startswith(b"\x89PNG\r\n\x1a\n")


def test_every_colour_is_one_of_the_page_and_nothing_is_loaded(made: list[charts.Chart]) -> None:
    for chart in made:
        left = re.sub(r"var\(--[\w-]+, #[0-9a-f]{6}\)", "", chart.svg)
        assert set(re.findall(r"#[0-9a-f]{6}\b", left)) == set(), chart.name
        assert not re.search(r"<(script|image|style|foreignObject)\b|href=\"(?!#)", chart.svg)


def test_no_two_charts_share_the_name_of_a_part(made: list[charts.Chart]) -> None:
    names = [name for chart in made for name in re.findall(r'\bid="([^"]+)"', chart.svg)]
    assert len(names) == len(set(names))
    for chart in made:
        assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', chart.svg)) <= set(re.findall(r'\bid="([^"]+)"', chart.svg))


def test_a_name_is_drawn_as_it_is_and_what_cannot_be_seen_is_shown(made: list[charts.Chart]) -> None:
    success = next(chart for chart in made if chart.name == "success")
    text = " ".join(ET.fromstring(success.svg).itertext())
    assert "$x^2$ </text><script>alert(1)</script>" in " ".join(text.split())
    assert "\u202e" not in text
    assert "<U+202E>" in text


def test_what_a_chart_shows_is_said_in_words(made: list[charts.Chart]) -> None:
    for chart in made:
        assert "local" in chart.alt
    assert "local, code: " in next(chart for chart in made if chart.name == "success").alt


def test_silent_and_guess_are_in_the_chart_of_success_only(made: list[charts.Chart]) -> None:
    assert {chart.name for chart in made if "silent" in chart.alt} == {"success"}


def test_equal_scores_make_equal_drawings(tmp_path: Path) -> None:
    first, second = (drawn(tmp_path / name, models=("oracle",), formats=("code",), tasks=5) for name in ("a", "b"))
    assert [(chart.name, chart.svg, chart.png) for chart in first] == [(chart.name, chart.svg, chart.png) for chart in second]
    assert {chart.name for chart in first} == NAMES - {"differences"}


def test_without_matplotlib_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(errors.MissingExtraError, match=r"codeact\[bench\]"):
        drawn(tmp_path, models=("oracle",), formats=("code",), tasks=5)


def test_no_two_parts_have_one_light_colour() -> None:
    lights = [shade.light for shade in palette.PALETTE.values()]
    assert len(set(lights)) == len(lights)


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_its_page(dark: bool) -> None:
    def luminance(part: str) -> float:
        shade = palette.PALETTE[part]
        colour = shade.dark if dark else shade.light
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for part in ("ink", "muted", "link", "bad"):
        for below in ("paper", "raised"):
            bright, dim = sorted((luminance(part), luminance(below)), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (part, below)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (words.percent(0.624), "62%"),
        (words.percent(0.998), "99.8%"),
        (words.percent(0.001), "0.1%"),
        (words.percent(1.0), "100%"),
        (words.points(-0.1234), "\N{MINUS SIGN}12.3"),
        (words.points(0.00001), "0.0"),
        (words.p_value(0.0004), "p < 0.001"),
        (words.p_value(0.0312), "p = 0.031"),
        (words.bare_p(0.5), "0.50"),
        (words.amount(1234.5), "1,234"),
        (words.money(0.0004), "$0.0004"),
        (words.money(12.5), "$12.50"),
        (words.seconds(0.123), "0.12"),
        (words.cut("abcdef", 2), "ab\n... 4 more characters are in the record"),
    ],
)
def test_numbers_are_written_with_the_digits_that_they_have(said: str, wanted: str) -> None:
    assert said == wanted
