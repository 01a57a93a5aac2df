"""Tools that look something up, count, translate, or find other tools.

Invariant: none of them changes anything. What a service of the outside world once said (a translation, a dictionary) comes from the record,
and is refused where that says nothing. It does not: reach the outside world.
"""

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from codeact.bench.suites.api_bank.desk import DAY, MISSING, Desk, filled, moment

TODAY = "2023-03-31"
_UNKNOWN = "The question is too difficult to answer."
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FOUND = 2
_LONGEST = 1000
_SATURATION, _LENGTH, _FLOOR = 1.5, 0.75, 0.25


class Knowledge:
    """Tools that look something up.

    Args:
        desk: what they work on.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def calculator(self, formula: str) -> float:
        """Work out a formula with + - * / and brackets."""
        if len(formula) > _LONGEST:
            raise ValueError(f"the formula has {len(formula)} characters; at most {_LONGEST} are taken")
        try:
            return float(_value(ast.parse(formula.strip(), mode="eval").body))
        except (SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError) as error:
            raise ValueError(f"the formula {formula[:80]!r} cannot be worked out: {error}") from None

    def get_today(self) -> str:
        """Today's date, as YYYY-MM-DD."""
        return TODAY

    def query_history_today(self, date: str) -> list[str]:
        """What happened on a day in earlier years; date as MM-DD."""
        bare = date.strip()
        day = moment(bare, DAY)[5:] if bare.count("-") == 2 else moment(f"2000-{bare}", DAY)[5:]
        events = self._desk.table("History").get(day)
        if events is None:
            raise ValueError(f"nothing is known of {date!r}")
        return [f"Title: {one['Title'].strip()}, Date: {one['Date'].strip()}, Description: {one['Description'].strip()}" for one in events]

    def wiki(self, keyword: str) -> dict[str, Any]:
        """The article of an encyclopedia on a keyword."""
        return self._entry("Wiki", filled("keyword", keyword).lower())

    def image_caption(self, url: str) -> str:
        """What a picture shows, by its address."""
        found = next((one["caption"] for one in self._desk.table("ImageCaptioning") if one["url"] == url.strip()), None)
        if found is None:
            raise ValueError(f"there is no picture at {url!r}")
        return found

    def speech_recognition(self, url: str) -> str:
        """What is said in a recording, by its address."""
        return self._entry("SpeechRecognition", url.strip())

    def document_qa(self, url: str, question: str) -> str:
        """Answer a question about a document, by its address."""
        known = self._entry("QuestionAnswering", url.strip())
        said = self._desk.recall("DocumentQA", {"url": url, "question": question})
        if said is not MISSING:
            return said
        return next((one["answer"] for one in known if one["question"] == question.strip()), _UNKNOWN)

    def _entry(self, table: str, key: str) -> Any:
        found = self._desk.table(table).get(key)
        if found is None:
            raise ValueError(f"nothing is known of {key!r}")
        return found

    def search_engine(self, keyword: str) -> list[dict[str, str]]:
        """Pages on a keyword."""
        table = self._desk.table("SearchEngine")
        scores = _scores(filled("keyword", keyword).lower().split(), table["tokenized_documents"])
        best = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [table["raw_documents"][place] for place in best[:_FOUND]]

    def dictionary(self, keyword: str) -> list[dict[str, Any]]:
        """Meanings of an English word."""
        return self._recalled("Dictionary", {"keyword": keyword})

    def translate(self, src: str, tgt_lang: str) -> str:
        """Translate a text into a language, which is given by its code of two letters."""
        return self._recalled("Translate", {"src": src, "tgt_lang": tgt_lang})

    def _recalled(self, name: str, arguments: Mapping[str, Any]) -> Any:
        said = self._desk.recall(name, arguments)
        if said is MISSING:
            raise ValueError(f"there is no answer for {dict(arguments)!r}: only what was asked in the record is known")
        return said


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    raise SyntaxError("it may have numbers, + - * / and brackets only")


def _scores(words: list[str], documents: list[list[str]]) -> list[float]:
    """How well each document fits the words: BM25 (Robertson and Zaragoza 2009), with a floor under the weight of words that most have."""
    counts = [Counter(document) for document in documents]
    mean = sum(map(len, documents)) / len(documents)
    spread = Counter(word for count in counts for word in count)
    weights = {word: math.log((len(documents) - n + 0.5) / (n + 0.5)) for word, n in spread.items()}
    floor = _FLOOR * sum(weights.values()) / len(weights)

    def score(count: Counter[str], length: int) -> float:
        damped = _SATURATION * (1 - _LENGTH + _LENGTH * length / mean)
        parts = ((weights[word], count[word]) for word in words if count[word])
        return sum((weight if weight >= 0 else floor) * n * (_SATURATION + 1) / (n + damped) for weight, n in parts)

    return [score(count, len(document)) for count, document in zip(counts, documents, strict=True)]
