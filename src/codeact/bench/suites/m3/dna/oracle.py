"""How an agent that never errs reads strands.

Invariant: as of `codeact.bench.policies`; it knows of a task what its prompt says. It does not: count letters by itself.
"""

from typing import Any

from codeact.bench.policies import CallPolicy, CodePolicy, at_once, calls_of
from codeact.bench.task import Task

_CODE = {
    "most common": "print(list(find_max_nucleotide(count_nucleotides(strands[0]))))",
    "transcript": "print(transcribe_dna_to_mrna(strands[0]) if is_valid_dna_sequence(strands[0]) else {otherwise!r})",
    "acid count": 'print(translate_mrna_to_amino_acid(transcribe_dna_to_mrna(strands[0])).split("-").count({acid!r}))',
    "acid present": 'print("yes" if {acid!r} in translate_mrna_to_amino_acid(transcribe_dna_to_mrna(strands[0])) else "no")',
    "longest valid": "print(transcribe_dna_to_mrna(max(filter(is_valid_dna_sequence, strands), key=len)))",
    "joined counts": 'print(count_nucleotides("".join(strands)))',
    "joined back": 'print(find_max_nucleotide(count_nucleotides(reverse_transcribe_mrna_to_dna("".join(strands))))[1])',
}


def code(task: Task) -> CodePolicy:
    """The policy in code."""
    data: dict[str, Any] = task.data
    return at_once(f"strands = {data['strands']!r}\n{_CODE[data['goal']].format(**data)}")


def calls(task: Task) -> CallPolicy:
    """The policy in calls; joining is writing two strands down one after the other."""
    data: dict[str, Any] = task.data
    goal, strands, joined = data["goal"], data["strands"], "".join(data["strands"])
    if goal in ("acid count", "acid present"):
        return (yield from _acids(goal, joined, data["acid"]))
    if goal in ("transcript", "longest valid"):
        valid = yield calls_of("is_valid_dna_sequence", *((strand,) for strand in strands))
        kept = [strand for strand, good in zip(strands, valid, strict=True) if good]
        if not kept:
            return data["otherwise"]
        (rna,) = yield calls_of("transcribe_dna_to_mrna", (max(kept, key=len),))
        return rna
    if goal == "joined back":
        (joined,) = yield calls_of("reverse_transcribe_mrna_to_dna", (joined,))
    (counts,) = yield calls_of("count_nucleotides", (joined,))
    if goal == "joined counts":
        return counts
    (most,) = yield calls_of("find_max_nucleotide", [part for item in counts.items() for part in item])
    return most[1] if goal == "joined back" else list(most)


def _acids(goal: str, strand: str, acid: str) -> CallPolicy:
    (rna,) = yield calls_of("transcribe_dna_to_mrna", (strand,))
    (acids,) = yield calls_of("translate_mrna_to_amino_acid", (rna,))
    count = acids.split("-").count(acid)
    return count if goal == "acid count" else "yes" if count else "no"
