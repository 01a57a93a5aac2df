"""What the paper published: 17 models on M3ToolEval and API-Bank level 1 (arXiv 2402.01030, tables 2 and 3; CodeAct, ICML 2024).

Invariant: the figures are the paper's own. Its suite and its grader are others than ours, so they are set beside ours, never in one
row. It does not: say that either is right.
"""

from collections.abc import Callable
from typing import NamedTuple

SOURCE = "arXiv 2402.01030, tables 2 and 3"
TASKS, MOST_TURNS = 82, 10
FORMATS = ("code", "json", "text")


class ByFormat(NamedTuple):
    """A figure in each format."""

    code: float
    json: float
    text: float


class Row(NamedTuple):
    """A model: success on M3ToolEval in percent, its mean turns there, right calls on API-Bank level 1 in percent."""

    model: str
    success: ByFormat
    turns: ByFormat
    api_bank: ByFormat


ROWS: tuple[Row, ...] = tuple(
    Row(model, ByFormat(*success), ByFormat(*turns), ByFormat(*api_bank))
    for model, success, turns, api_bank in (
        ("CodeLlama-7b-Instruct", (4.9, 2.4, 2.4), (9.7, 9.9, 9.9), (12.5, 12.0, 17.0)),
        ("CodeLlama-13b-Instruct", (4.9, 4.9, 4.9), (9.8, 9.8, 9.7), (11.8, 7.8, 14.0)),
        ("CodeLlama-34b-Instruct", (2.4, 0.0, 0.0), (9.9, 10.0, 10.0), (17.3, 12.0, 16.8)),
        ("Llama-2-7b-chat", (0.0, 1.2, 2.4), (8.9, 9.5, 9.6), (28.8, 11.3, 25.8)),
        ("Llama-2-13b-chat", (0.0, 0.0, 0.0), (9.7, 10.0, 10.0), (38.1, 8.5, 37.3)),
        ("Llama-2-70b-chat", (11.0, 3.7, 3.7), (9.1, 9.8, 9.8), (35.6, 14.3, 37.6)),
        ("Mistral-7B-Instruct", (0.0, 3.7, 1.2), (10.0, 9.8, 9.9), (2.5, 2.3, 3.0)),
        ("lemur-70b-chat", (13.4, 15.9, 12.2), (9.1, 9.3, 9.4), (58.7, 46.6, 56.1)),
        ("claude-2", (54.9, 39.0, 29.3), (7.2, 8.3, 8.5), (76.7, 59.4, 73.7)),
        ("claude-instant-1", (20.7, 31.7, 24.4), (8.8, 8.6, 8.9), (75.2, 64.9, 73.2)),
        ("gemini-pro", (22.0, 19.5, 11.0), (8.8, 9.1, 9.5), (70.4, 73.2, 71.2)),
        ("gpt-3.5-turbo-0613", (51.2, 26.8, 20.7), (7.0, 8.8, 9.2), (74.4, 73.9, 73.4)),
        ("gpt-3.5-turbo-1106", (29.3, 15.9, 14.6), (8.4, 9.0, 9.0), (75.4, 78.5, 73.4)),
        ("gpt-4-0613", (67.1, 56.1, 45.1), (6.6, 7.6, 8.0), (75.4, 82.0, 74.4)),
        ("gpt-4-1106-preview", (74.4, 52.4, 53.7), (5.5, 7.6, 7.7), (76.7, 82.7, 73.4)),
        ("text-davinci-002", (4.9, 4.9, 8.5), (9.7, 9.8, 9.6), (69.2, 59.7, 57.4)),
        ("text-davinci-003", (20.7, 18.3, 7.3), (9.2, 9.0, 9.6), (75.4, 76.9, 69.7)),
    )
)


def mean(measure: Callable[[Row], ByFormat]) -> ByFormat:
    """The mean of a measure over the 17 models, to one digit after the point, as the paper rounds."""
    return ByFormat(*(round(sum(each) / len(ROWS), 1) for each in zip(*map(measure, ROWS), strict=True)))
