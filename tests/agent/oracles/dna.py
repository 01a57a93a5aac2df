"""Sequences of plants: samples to fetch, to check, to count, to transcribe and to translate.

Invariant: the same samples at every time. Answers are computed here from the sequences and not by the tools.
"""

import random
from collections import Counter
from typing import Any

from agent.oracles.task import CallPolicy, Task, at_once, calls_of

_RANDOM = random.Random(5)
SAMPLES = {
    f"P{number:02}": "".join(_RANDOM.choices("ACGT", weights=(3, 2, 2, 3), k=_RANDOM.randrange(36, 90, 3))) for number in range(1, 13)
}
for _name, _place in (("P03", 10), ("P07", 20), ("P08", 4)):
    SAMPLES[_name] = SAMPLES[_name][:_place] + "N" + SAMPLES[_name][_place + 1 :]
ACIDS = {"AUG": "Met", "UUU": "Phe", "UUC": "Phe", "GGA": "Gly", "UAC": "Tyr", "CUA": "Leu"}


def list_samples() -> list[str]:
    """Identifiers of all samples."""
    return list(SAMPLES)


def fetch(sample: str) -> str:
    """The sequence of a sample, in the letters A, C, G and T; N where it could not be read."""
    return SAMPLES[sample]


def is_clean(sequence: str) -> bool:
    """Whether all letters of a sequence could be read."""
    return set(sequence) <= set("ACGT")


def count(sequence: str) -> dict[str, int]:
    """How often each letter is in a sequence."""
    return dict(Counter(sequence))


def transcribe(sequence: str) -> str:
    """The messenger RNA of a sequence: the complement of each letter, U for T."""
    return "".join({"A": "U", "C": "G", "G": "C", "T": "A"}.get(letter, "N") for letter in sequence)


def translate(rna: str) -> list[str]:
    """Amino acids by threes of letters, `-` for those that are of no interest."""
    return [ACIDS.get(rna[place : place + 3], "-") for place in range(0, len(rna) - 2, 3)]


def _content(sequence: str) -> float:
    return (sequence.count("G") + sequence.count("C")) / len(sequence)


def _acids(sequence: str) -> list[str]:
    rna = sequence.translate(str.maketrans("ACGT", "UGCA"))
    return [ACIDS.get("".join(three), "-") for three in zip(rna[::3], rna[1::3], rna[2::3], strict=True)]


def _clean() -> dict[str, str]:
    return {name: sequence for name, sequence in SAMPLES.items() if "N" not in sequence}


def _leucine_calls() -> CallPolicy:
    (sequence,) = yield calls_of("fetch", ("P05",))
    (rna,) = yield calls_of("transcribe", (sequence,))
    (acids,) = yield calls_of("translate", (rna,))
    return acids.count("Leu")


def _content_calls() -> CallPolicy:
    (names,) = yield calls_of("list_samples", ())
    sequences = yield calls_of("fetch", *((name,) for name in names))
    clean = yield calls_of("is_clean", *((sequence,) for sequence in sequences))
    kept = [(name, sequence) for name, sequence, good in zip(names, sequences, clean, strict=True) if good]
    counts = yield calls_of("count", *((sequence,) for _, sequence in kept))
    shares = [(each.get("G", 0) + each.get("C", 0)) / sum(each.values()) for each in counts]
    return kept[shares.index(max(shares))][0]


def _longest_calls() -> CallPolicy:
    (names,) = yield calls_of("list_samples", ())
    sequences = yield calls_of("fetch", *((name,) for name in names))
    by_length = sorted(sequences, key=len, reverse=True)
    for sequence in by_length:
        (good,) = yield calls_of("is_clean", (sequence,))
        if good:
            (counts,) = yield calls_of("count", (sequence,))
            return counts["A"]
    return 0


def _gene_calls() -> CallPolicy:
    names = ["P02", "P04", "P06", "P10", "P11"]
    sequences = yield calls_of("fetch", *((name,) for name in names))
    rnas = yield calls_of("transcribe", *((sequence,) for sequence in sequences))
    acids = yield calls_of("translate", *((rna,) for rna in rnas))
    return sum(each != "-" for one in acids for each in one)


def _tools() -> list[Any]:
    return [list_samples, fetch, is_clean, count, transcribe, translate]


TASKS = (
    Task(
        "plants: one acid of one sample",
        "How many times is Leu among the amino acids of sample P05?",
        _tools,
        at_once("print(translate(transcribe(fetch('P05'))).count('Leu'))"),
        _leucine_calls,
        lambda: _acids(SAMPLES["P05"]).count("Leu"),
    ),
    Task(
        "plants: most of two letters",
        "Which of all samples that could be read wholly has the largest share of G and C together?",
        _tools,
        at_once("""
best = None
for sample in list_samples():
    sequence = fetch(sample)
    if is_clean(sequence):
        counts = count(sequence)
        share = (counts.get("G", 0) + counts.get("C", 0)) / len(sequence)
        best = max(best or (share, sample), (share, sample))
print(best[1])
"""),
        _content_calls,
        lambda: sorted(_clean(), key=lambda name: _content(SAMPLES[name]))[-1],
    ),
    Task(
        "plants: the longest clean one",
        "How many A has the longest of all samples that could be read wholly?",
        _tools,
        at_once("""
clean = [sequence for sequence in map(fetch, list_samples()) if is_clean(sequence)]
print(count(max(clean, key=len))["A"])
"""),
        _longest_calls,
        lambda: sorted(_clean().values(), key=len)[-1].count("A"),
    ),
    Task(
        "plants: acids of five samples",
        "How many amino acids of interest (those that are not '-') have the samples P02, P04, P06, P10 and P11 together?",
        _tools,
        at_once("""
samples = ["P02", "P04", "P06", "P10", "P11"]
print(sum(acid != "-" for sample in samples for acid in translate(transcribe(fetch(sample)))))
"""),
        _gene_calls,
        lambda: sum(acid != "-" for name in ("P02", "P04", "P06", "P10", "P11") for acid in _acids(SAMPLES[name])),
    ),
)
