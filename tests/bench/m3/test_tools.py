"""What the tools of m3 do, and what they refuse."""

import inspect

import pytest

from bench.m3.driving import SUITE, tools_of
from codeact.bench.suites.m3.arithmetic import calculator
from codeact.bench.suites.m3.decoder import tools as decoder
from codeact.bench.suites.m3.dna import tools as dna
from codeact.bench.suites.m3.trade import tools as trade
from codeact.bench.suites.m3.travel import tools as travel
from codeact.bench.task import Task
from codeact.tools.function import FunctionTool

ORIGINAL = {
    "message_decoder": "convert_hex_to_ascii reverse_string caesar_decode string_length minimum_value maximum_value",
    "cryptobotanists_plant_dna_sequencer": "count_nucleotides transcribe_dna_to_mrna translate_mrna_to_amino_acid find_max_nucleotide "
    "is_valid_dna_sequence reverse_transcribe_mrna_to_dna",
    "trade_calculator": "convert_currency calculate_tariff estimate_final_value calculator find_minimum find_maximum",
    "travel_itinerary_planning": "find_flights book_hotel budget_calculator max min sum",
    "web_browsing": "click_url go_to_previous_page scroll_down scroll_up view calculator",
}


def task_of(domain: str) -> Task:
    """The first task of a domain."""
    return next(task for task in SUITE.tasks if task.domain == domain)


@pytest.mark.parametrize("domain", ORIGINAL)
def test_a_domain_has_the_tools_of_the_original_each_with_its_docstring(domain: str) -> None:
    tools = tools_of(task_of(domain))
    assert list(tools) == ORIGINAL[domain].split()
    assert all(tool.spec.description for tool in tools.values())


@pytest.mark.parametrize("domain", ORIGINAL)
def test_shown_signatures_are_the_real_ones(domain: str) -> None:
    """In the original, one lacked a parameter and two had others' names."""
    for name, tool in tools_of(task_of(domain)).items():
        real = inspect.signature(vars(tool)["__wrapped__"])
        assert tool.spec.signature.startswith(f"{name}(")
        for parameter in real.parameters.values():
            assert f"{'*' * (parameter.kind is parameter.VAR_POSITIONAL)}{parameter.name}: " in tool.spec.signature


def test_code_has_pythons_own_max_min_and_sum_in_place_of_tools_that_would_hide_them() -> None:
    """In the original, the tool `sum` hid the builtin and failed on a list."""
    task = task_of("travel_itinerary_planning")
    for format in ("json", "text"):
        assert {"max", "min", "sum"} <= set(tools_of(task, format=format))
    assert set(tools_of(task, format="code")) == {"find_flights", "book_hotel", "budget_calculator"}


@pytest.mark.parametrize(
    ("tool", "result"),
    [
        (decoder.minimum_value, 2), (decoder.maximum_value, 7), (trade.find_minimum, 2), (trade.find_maximum, 7),
        (travel.NAMED["min"], 2), (travel.NAMED["max"], 7), (travel.NAMED["sum"], 14),
    ],
)  # fmt: skip
def test_numbers_may_be_given_one_by_one_or_as_a_list_and_one_is_enough(tool: FunctionTool, result: float) -> None:
    checked = FunctionTool(tool)
    assert checked.call((5, 2, 7), {}) == result
    assert checked.call(([5, 2, 7],), {}) == result
    assert checked.call((5, [2, 7]), {}) == result
    assert checked.call((4.5,), {}) == 4.5
    for nothing in ((), ([],)):
        with pytest.raises(ValueError, match="needs at least one number"):
            checked.call(nothing, {})
    with pytest.raises(TypeError):
        checked.call(("many",), {})


@pytest.mark.parametrize(
    ("expression", "value"),
    [("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-2 ** 2", -4), ("7 // 2 + 7 % 4", 6), ("0.9 * 30", 27), (" 12 ", 12), ("1e3 / 4", 250)],
)
def test_a_calculator_does_arithmetic(expression: str, value: float) -> None:
    assert calculator(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()", "open('/etc/passwd')", "x", "abs(-1)", "'a' * 3", "[1, 2]", "1, 2", "True", "1 if 1 else 2", "1 < 2",
        "1j",
        "lambda: 1", "(x := 3)", "", "1 +", "1,000 + 1", "0x" + "f" * 390, "9 ** 9 ** 9", "(-8) ** 0.5", "1 / 0", "0 ** -1",
        "1e300 * 1e300",
        "(" * 199 + "1" + ")" * 199, "-" * 399 + "1", "1" * 401, "9" * 400, "f'{1}'", "1\x00", "...", "~1", "1 << 3", "2 ** 1e9",
    ],
)  # fmt: skip
def test_a_calculator_does_nothing_but_arithmetic(expression: str) -> None:
    """In the original, it ran any Python."""
    try:
        value = calculator(expression)
    except ValueError:
        return
    assert abs(value) == 1  # what is only deep may be evaluated


def test_messages_are_decoded() -> None:
    assert decoder.convert_hex_to_ascii("5a6fc3ab") == "Zoë"
    assert decoder.convert_hex_to_ascii("48 69") == "Hi"
    assert decoder.reverse_string("Zoë, abc") == "cba ,ëoZ"
    assert decoder.caesar_decode("Abc xyZ, ë 9", 1) == "Zab wxY, ë 9"
    assert decoder.caesar_decode(decoder.caesar_decode("Message", 30), -30) == "Message"
    assert decoder.string_length("Zoë") == 3
    for wrong in ("4", "xy", "ff"):
        with pytest.raises(ValueError, match="no text in hexadecimal digits"):
            decoder.convert_hex_to_ascii(wrong)


def test_strands_are_read() -> None:
    assert list(dna.count_nucleotides("TTAG").items()) == [("T", 2), ("A", 1), ("G", 1)]
    assert dna.transcribe_dna_to_mrna("ACGT") == "UGCA"
    assert dna.reverse_transcribe_mrna_to_dna("UGCA") == "ACGT"
    assert dna.translate_mrna_to_amino_acid("AUGUUUUUCGGAAU") == "Methionine-Phenylalanine-Phenylalanine-X-X"
    assert dna.is_valid_dna_sequence("ACGT")
    assert not any(map(dna.is_valid_dna_sequence, ("ACGU", "acgt", "")))
    with pytest.raises(ValueError, match="letter 3 of the sequence is 'U'; DNA has only A, C, G, T"):
        dna.transcribe_dna_to_mrna("ACU")


def test_the_most_common_nucleotide_is_found_in_counts_however_they_are_given() -> None:
    assert dna.find_max_nucleotide("A", 3, "C", 5, "G", 5) == ("C", 5)
    assert dna.find_max_nucleotide({"A": 3, "C": 5}) == ("C", 5)
    for wrong in ((), ("A",), ("A", 3, "C"), (3, "A"), ({},), ({"A": 3}, 4)):
        with pytest.raises(ValueError, match="takes letter, count"):
            dna.find_max_nucleotide(*wrong)


def test_rates_are_percentages_and_tariffs_are_amounts() -> None:
    assert trade.convert_currency(200, 0.5) == 100
    assert trade.calculate_tariff(100, 5) == 5
    assert trade.estimate_final_value(100, 5) == 105
    assert "percent" in str(trade.calculate_tariff.__doc__)


def test_an_agency_refuses_what_cannot_be_and_gives_an_empty_list_for_what_is_not_there() -> None:
    tools = tools_of(task_of("travel_itinerary_planning"))
    flights, hotels = tools["find_flights"], tools["book_hotel"]
    (start, end, _), *_ = [leg["flight"] for leg in SUITE.tasks[33].data["legs"]]  # type: ignore[index, call-overload, union-attr]
    assert flights.call((start, end, "1999-01-01"), {}) == []
    assert hotels.call((end,), {}) != []
    assert [row for row in hotels.call((end, "gym", "pool"), {}) if not {"gym", "pool"} <= set(row["preferences"])] == []
    with pytest.raises(ValueError, match="no place 'Nowhere'; there are: "):
        flights.call((start, "Nowhere", "2027-05-05"), {})
    with pytest.raises(ValueError, match="no preference 'sauna'; there are: gym, pool, wifi"):
        hotels.call((end, "sauna"), {})
    for date in ("5 May", "2027-02-30", "20270505", "2027-5-5"):
        with pytest.raises(ValueError, match="write one as 2027-05-09"):
            flights.call((start, end, date), {})
    assert tools["budget_calculator"].call((100, 50, 3), {}) == 250
    with pytest.raises(ValueError, match="no -1 nights"):
        tools["budget_calculator"].call((100, 50, -1), {})
