"""Tasks about strands: counting, transcribing, translating, and choosing among several.

Invariant: a nucleotide that is asked for as the most common one is so alone; strands among which is chosen by length have different
lengths; what is translated has whole codons only. Answers are counted in the strands themselves. It does not: use the tools.
"""

from collections import Counter

from codeact.bench.suites.m3.chance import Chance
from codeact.bench.suites.m3.draft import WHOLE, Draft

DNA, RNA = "ACGT", "ACGU"
COMPLEMENT = str.maketrans(DNA, "UGCA")
CODONS = {"Methionine": ("AUG",), "Phenylalanine": ("UUU", "UUC")}
OTHERS = ("GGA", "CUA", "AAC", "GCC", "UAC", "CGU", "ACA", "GAU")
SENTENCES = ("the strand is damaged", "not a strand of DNA", "sample rejected", "cannot be transcribed")
PLANTS = ("moonfern", "cinderleaf", "glasswort", "nightbell", "coppermoss", "silverreed", "thornlily")
ONE_NUMBER = "Answer with the number alone."
VALID = "valid (of the letters A, C, G and T only)"


def _strand(chance: Chance, letters: str = DNA, least: int = 16, most: int = 34) -> str:
    return "".join(chance.pick(letters) for _ in range(chance.between(least, most)))


def _spoilt(chance: Chance, strand: str) -> str:
    place = chance.between(2, len(strand) - 3)
    return strand[:place] + chance.pick("NXBU") + strand[place + 1 :]


def _most(strand: str) -> tuple[str, int] | None:
    """The most common letter and its count; None if several are equally common."""
    (first, count), (_, second), *_ = [*Counter(strand).most_common(), ("", 0)]
    return (first, count) if count > second else None


def _data(goal: str, *strands: str, **more: str) -> dict[str, object]:
    return {"goal": goal, "strands": list(strands), **more}


def most_common(chance: Chance) -> Draft | None:
    """The most common nucleotide, with its count."""
    strand = _strand(chance)
    most = _most(strand)
    if most is None:
        return None
    prompt = (
        f"A {chance.pick(PLANTS)} has the DNA {strand}. Which nucleotide is the most common in it, and how often is it there? "
        'Answer with a list of the letter and the count, in the form ["N", 0].'
    )
    return Draft(prompt, list(most), "list", WHOLE, _data("most common", strand))


def _transcript(chance: Chance, *, valid: bool) -> Draft:
    clean, sentence = _strand(chance), chance.pick(SENTENCES)
    strand = clean if valid else _spoilt(chance, clean)
    prompt = (
        f"This is said to be the DNA of a {chance.pick(PLANTS)}: {strand}. If it is {VALID}, answer with the mRNA that it is "
        "transcribed to. "
        f'If it is not, answer with exactly this: "{sentence}".'
    )
    answer = strand.translate(COMPLEMENT) if valid else sentence
    return Draft(prompt, answer, "exact", data=_data("transcript", strand, otherwise=sentence))


def transcript(chance: Chance) -> Draft:
    """The mRNA of a strand that is valid."""
    return _transcript(chance, valid=True)


def refusal(chance: Chance) -> Draft:
    """The fixed sentence, for a strand that is not valid."""
    return _transcript(chance, valid=False)


def _gene(chance: Chance, least: int = 8, most: int = 12) -> tuple[str, list[str]]:
    """A strand of whole codons, and its amino acids, X for any other than the two."""
    acids = [chance.pick([*CODONS, "X"]) for _ in range(chance.between(least, most))]
    rna = "".join(chance.pick(CODONS.get(acid, OTHERS)) for acid in acids)
    return rna.translate(str.maketrans(RNA, "TGCA")), acids


def acid_count(chance: Chance) -> Draft | None:
    """How often an amino acid is there."""
    (strand, acids), acid = _gene(chance), chance.pick(list(CODONS))
    if acids.count(acid) < 2:
        return None
    prompt = (
        f"The DNA {strand} of a {chance.pick(PLANTS)} is transcribed to mRNA, and that is translated to amino acids. "
        f"How many of them are {acid}? {ONE_NUMBER}"
    )
    return Draft(prompt, acids.count(acid), "number", WHOLE, _data("acid count", strand, acid=acid))


def acid_present(chance: Chance) -> Draft:
    """Whether an amino acid is there."""
    (strand, acids), acid = _gene(chance, 4, 6), chance.pick(list(CODONS))
    prompt = (
        f"The DNA {strand} of a {chance.pick(PLANTS)} is transcribed to mRNA, and that is translated to amino acids. "
        f"Is {acid} one of them? Answer with yes or no."
    )
    word = "yes" if acid in acids else "no"
    return Draft(prompt, [word, word.capitalize()], "exact", data=_data("acid present", strand, acid=acid))


def longest_valid(chance: Chance) -> Draft | None:
    """The mRNA of the longest of several that is valid; a longer one is not."""
    strands = sorted((_strand(chance) for _ in range(5)), key=len)
    if len({len(strand) for strand in strands}) < len(strands):
        return None
    wanted = strands[3]
    strands = [*(strand if number else _spoilt(chance, strand) for number, strand in enumerate(strands[:4])), _spoilt(chance, strands[4])]
    shown = chance.shuffled(strands)
    lines = "\n".join(f"- {strand}" for strand in shown)
    asked = f"Which is the longest that is {VALID}? Answer with the mRNA that it is transcribed to."
    prompt = f"Strands of DNA from a {chance.pick(PLANTS)}:\n{lines}\n{asked}"
    return Draft(prompt, wanted.translate(COMPLEMENT), "exact", data=_data("longest valid", *shown))


def joined_counts(chance: Chance) -> Draft | None:
    """How often each nucleotide is in two strands, one after the other."""
    first, second = _strand(chance), _strand(chance)
    counts = Counter(first + second)
    if set(counts) != set(DNA):
        return None
    prompt = (
        f"Two strands of DNA of a {chance.pick(PLANTS)}, {first} and {second}, are joined to one, the first before the second. "
        "How often is each nucleotide in it? "
        'Answer with an object of the four counts, in the form {"A": 0, "C": 0, "G": 0, "T": 0}.'
    )
    return Draft(prompt, dict(sorted(counts.items())), "json", WHOLE, _data("joined counts", first, second))


def joined_back(chance: Chance) -> Draft | None:
    """How often the most common nucleotide is in the DNA of two strands of mRNA, one after the other."""
    first, second = _strand(chance, RNA), _strand(chance, RNA)
    most = _most(first + second)
    if most is None:
        return None
    prompt = (
        f"Two strands of mRNA of a {chance.pick(PLANTS)}, {first} and {second}, are joined to one, the first before the second, and "
        f"that is reverse transcribed to DNA. How often is the most common nucleotide in that DNA? {ONE_NUMBER}"
    )
    return Draft(prompt, most[1], "number", WHOLE, _data("joined back", first, second))


PATTERNS = (most_common, transcript, refusal, acid_count, acid_present, longest_valid, joined_counts, joined_back)
"""One for each of the domain's 8 tasks."""
