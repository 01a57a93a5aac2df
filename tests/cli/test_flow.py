"""Text on its way to a terminal."""

import pytest

from codeact.cli.flow import Fold, Lines, Until, Wrap, clean, folded


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;Y29weQ==\x07", ""),
        ("a\x1bcb", "ab"),
        ("\x9b31mred", "31mred"),
        ("bell\x07 back\x08 nul\x00 del\x7f", "bell back nul del"),
        ("line\ttab\nnext", "line\ttab\nnext"),
        ("admin\u202etxt.exe", "admintxt.exe"),
        ("\x1b[2J\x1b[H\x1b", ""),
        ("[bold]not markup[/bold] é 漢 🙂", "[bold]not markup[/bold] é 漢 🙂"),
    ],
)
def test_escape_sequences_and_control_characters_are_removed(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
def test_no_control_character_but_newline_and_tab_survives(code: int) -> None:
    kept = chr(code) if chr(code) in "\n\t" else ""
    assert clean(f"a{chr(code)}") == f"a{kept}"


def test_lines_come_out_whole_however_they_are_cut() -> None:
    lines = Lines()
    assert [lines.push(piece) for piece in ("a", "b\nc", "\r", "\nd\n", "e")] == [[], ["ab"], [], ["c", "d"], []]
    assert (lines.end(), lines.end()) == (["e"], [])


def test_of_an_overwritten_line_the_last_version_is_shown() -> None:
    lines = Lines()
    assert lines.push("10%\r50%\r") == []
    assert lines.push("100%\ndone\n") == ["100%", "done"]


def test_a_line_without_end_does_not_wait_for_ever() -> None:
    lines = Lines()
    assert len(lines.push("x" * 30_000)) == 1


def test_long_text_is_folded_to_its_first_and_last_lines() -> None:
    text = "".join(f"{number}\n" for number in range(100))
    assert list(folded(text, head=2, tail=3)) == ["0", "1", 95, "97", "98", "99"]


@pytest.mark.parametrize("count", range(7))
def test_text_that_just_fits_is_not_folded(count: int) -> None:
    lines = [str(number) for number in range(count)]
    expected = lines if count <= 5 else [*lines[:2], 1, *lines[-3:]]
    assert list(folded("\n".join(lines), head=2, tail=3)) == expected


def test_the_first_lines_are_shown_as_they_come() -> None:
    fold = Fold(head=1, tail=1)
    assert [list(fold.push(line)) for line in "abc"] == [["a"], [], []]
    assert list(fold.end()) == [1, "c"]


@pytest.mark.parametrize("size", range(1, 12))
def test_the_thought_ends_at_the_opener_however_the_text_is_cut(size: int) -> None:
    text = "if a < b then <execute>\nx = 1"
    until = Until(("<execute>", "```"))
    shown = "".join(until.push(text[place : place + size]) for place in range(0, len(text), size))
    assert (shown, until.over) == ("if a < b then ", True)


def test_what_only_began_like_an_opener_is_shown_in_the_end() -> None:
    until = Until(("<execute>",))
    assert until.push("so <exe") == "so "
    assert (until.end(), until.over) == ("<exe", False)


@pytest.mark.parametrize("size", range(1, 8))
def test_lines_are_broken_between_words_however_the_text_is_cut(size: int) -> None:
    text = "one two three\nfour five-and-twenty six"
    wrap = Wrap(9)
    shown = "".join(wrap.push(text[place : place + size]) for place in range(0, len(text), size)) + wrap.end()
    assert [line.rstrip() for line in shown.split("\n")] == ["one two", "three", "four", "five-and-twenty", "six"]


def test_without_a_width_text_passes_at_once() -> None:
    wrap = Wrap(None)
    assert (wrap.push("a long wo"), wrap.end()) == ("a long wo", "")
