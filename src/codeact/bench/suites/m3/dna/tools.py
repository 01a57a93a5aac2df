"""Tools for strands of DNA and RNA.

Invariant: letters are upper case; one that does not belong is refused with its place, but by `is_valid_dna_sequence`. It does not: know
of other amino acids than two.
"""

from collections import Counter

_TO_RNA = {"A": "U", "C": "G", "G": "C", "T": "A"}
_TO_DNA = {"A": "T", "C": "G", "G": "C", "U": "A"}
_ACIDS = {"AUG": "Methionine", "UUU": "Phenylalanine", "UUC": "Phenylalanine"}


def count_nucleotides(dna_sequence: str) -> dict[str, int]:
    """How often each letter is in a sequence, in the order in which they first occur; a letter that is not there has no entry."""
    return dict(Counter(dna_sequence))


def transcribe_dna_to_mrna(dna_sequence: str) -> str:
    """The mRNA of a DNA sequence, the complement of each letter in place: A to U, C to G, G to C, T to A."""
    return _translated(dna_sequence, _TO_RNA, "DNA")


def reverse_transcribe_mrna_to_dna(mrna_sequence: str) -> str:
    """The DNA of an mRNA sequence, the complement of each letter in place: A to T, C to G, G to C, U to A."""
    return _translated(mrna_sequence, _TO_DNA, "mRNA")


def translate_mrna_to_amino_acid(mrna_sequence: str) -> str:
    """The amino acids of an mRNA sequence, one for each three letters from the start, with - between them.

    AUG is Methionine, UUU and UUC are Phenylalanine; X stands for any other three letters, and for one or two that are left at the end.
    """
    threes = [mrna_sequence[start : start + 3] for start in range(0, len(mrna_sequence), 3)]
    return "-".join(_ACIDS.get(three, "X") for three in threes)


def find_max_nucleotide(*args: str | int | dict[str, int]) -> tuple[str, int]:
    """The letter with the highest count, and that count; the first one given, if several have it.

    Args:
        args: letter, count, letter, count and so on; or one dict of counts by letter.
    """
    pairs = list(args[0].items()) if len(args) == 1 and isinstance(args[0], dict) else list(zip(args[::2], args[1::2], strict=False))
    counts = [(letter, count) for letter, count in pairs if isinstance(letter, str) and isinstance(count, int)]
    whole = len(args) % 2 == 0 or isinstance(args[0], dict)
    if not counts or len(counts) < len(pairs) or not whole:
        raise ValueError("find_max_nucleotide() takes letter, count, letter, count and so on, or one dict of counts by letter")
    return max(counts, key=lambda pair: pair[1])


def is_valid_dna_sequence(dna_sequence: str) -> bool:
    """Whether a sequence has no other letters than A, C, G and T, and at least one."""
    return bool(dna_sequence) and set(dna_sequence) <= set(_TO_RNA)


def _translated(sequence: str, letters: dict[str, str], kind: str) -> str:
    for place, letter in enumerate(sequence, start=1):
        if letter not in letters:
            raise ValueError(f"letter {place} of the sequence is {letter!r}; {kind} has only {', '.join(letters)}")
    return "".join(letters[letter] for letter in sequence)


TOOLS = (
    count_nucleotides, transcribe_dna_to_mrna, translate_mrna_to_amino_acid, find_max_nucleotide, is_valid_dna_sequence,
    reverse_transcribe_mrna_to_dna,
)  # fmt: skip
