"""Actions written as Python between tags: `<execute>` code `</execute>`, and `<solution>` answer `</solution>`.

Invariant: a message is one action or one answer, whichever comes first; what stands behind it is ignored (a model that goes
on to invent the output, or several actions in one message: the first counts). A plain ```` ```python ```` fence is an action too,
if there is no `<execute>`. Text without either is a `FormatError`, and nothing else is ever raised. It does not: run anything.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from codeact.errors import FormatError
from codeact.events import Observation, ToolSpec
from codeact.formats import calls, listing, run_python, shown, source, tags
from codeact.protocols import Call, Step

HOW_TO = "Write either code to run:\n<execute>\n...\n</execute>\nor the answer:\n<solution>...</solution>"

_GRAMMAR = r"""
root ::= thought (action | answer)
thought ::= ("Thought: " [^<`\n]{1,200} "\n")?
action ::= "<execute>\n" first line* "</execute>"
first ::= [A-Za-z0-9_#"'({%!@*\[\-] character* "\n"
line ::= "\n"? [^<`\n] character* "\n"
character ::= [^<\n] | "<"+ [^</\n] | "<"+ "/" [^<e\n]
answer ::= "<solution>" visible text* "</solution>"
visible ::= [!-;=-~\u00A1-\u167F\u3001-\uD7FF\U00010000-\U0010FFFF]
text ::= [^<] | "<"+ [^</A-Za-z]
"""
"""A thought has to open with its word: left free, a small model thinks the answer up in it instead of running code (seen with 135M
parameters). No line of code starts with a tag or a fence, which would be text that runs on behind the code."""


class CodeFormat:
    """The action format `code`; see `protocols.ActionFormat`.

    Args:
        native: the model is told of a function `run_python` of its endpoint, and not of tags.
    """

    name = "code"
    stop: Sequence[str] = ("</execute>", "</solution>")

    def __init__(self, *, native: bool = False) -> None:
        self._native = native

    def system(self, tools: Sequence[ToolSpec] = (), answer_type: str = "") -> str:
        """The system message: how to write, the tools as Python stubs, and the kind of answer that is wanted."""
        parts = [_prompt("code_native" if self._native else "code")]
        if tools:
            parts.append(
                "These functions are defined already; call them in your code:\n"
                + listing.listed(tools, "code_native" if self._native else "code")
            )
        if answer_type:
            parts.append(f"{'The answer must be' if self._native else 'Between the solution tags must stand'} {answer_type}.")
        return "\n\n".join(parts)

    def grammar(self) -> str:
        """GBNF that admits a line of thought (`Thought: ...`), then one action or one answer, its closing tag, and nothing more."""
        return _GRAMMAR.strip() + "\n"

    def unfinished(self, text: str) -> bool:
        """Whether generation ended inside a string literal of the code (a stop string that does not count)."""
        found = tags.locate(text)
        if found is None or found.closed or found.kind == "solution":
            return False
        return source.end_of(text[found.content_start :]) == "string"

    def complete(self, text: str, stopped_by: str | None = None) -> str:
        """The text with its closing tag (or fence), which the stop string took away; a closing tag without a start comes back."""
        found = tags.locate(text)
        if found is None or found.closed:
            return text + (stopped_by or "")
        if found.kind == "fence":
            return text + ("```" if text.endswith("\n") else "\n```")
        return text.removesuffix(tags.half_closing(text, found.kind)) + f"</{found.kind}>"

    def parse(self, text: str) -> Step:
        """Understand a turn; code that parses as it was written is not changed, but for blank lines around it.

        Raises:
            FormatError: it is neither an action nor an answer; `.feedback` says why and how to write one.
        """
        found = None if self._native and run_python.is_unread(text) else tags.locate(text)
        if found is None:
            raise self._malformed(run_python.why_nothing(text) if self._native else tags.why_not(text))
        content = text[found.content_start : found.content_end]
        if found.kind == "solution":
            return Step(thought=found.thought, answer=self._answer(content, found))
        code = source.tidied(tags.undecorated(content, found.decoration), escaped=found.escaped)
        if not code:
            raise self._malformed("there was no code in it" if self._native else "there was no code between <execute> and </execute>")
        breaks_off = not found.closed and text[found.content_end :] == tags.half_closing(text, "execute")
        if breaks_off and not source.parses(code):
            raise self._malformed("the code was not closed with </execute>, and it is not complete Python")
        return Step(thought=found.thought, code=code)

    def write(self, step: Step) -> str:
        """A turn as a model should write it: `parse` reads it back. Calls become code that prints nothing but what the last one gives."""
        thought = f"{step.thought}\n" if step.thought else ""
        if step.answer is not None:
            return f"{thought}<solution>{step.answer}</solution>"
        code = step.code if step.code is not None else "\n".join(map(calls.expression, step.calls))
        return f"{thought}<execute>\n{code}\n</execute>"

    def source(self, call: Call, tools: Sequence[ToolSpec] = ()) -> str:
        """The Python that makes a call."""
        return calls.source(call, tools)

    def show(self, observation: Observation, most: int) -> str:
        """The observation as the model is shown it, cut in the middle to `most` characters."""
        return shown.shown(observation, most)

    def native(self, tools: Sequence[ToolSpec] = ()) -> run_python.RunPython | None:
        """How its turns become calls of `run_python`; None if they are text."""
        return run_python.RunPython(self.parse, tools) if self._native else None

    def _answer(self, content: str, found: tags.Found) -> str:
        answer = tags.undecorated(content, found.decoration, escaped=found.escaped).strip()
        if not answer:
            raise self._malformed("there was no answer between <solution> and </solution>")
        return answer

    def _malformed(self, why: str) -> FormatError:
        return FormatError(f"Your message could not be used: {why}. {run_python.HOW_TO if self._native else HOW_TO}")


@cache
def _prompt(name: str) -> str:
    return files("codeact.formats").joinpath(f"prompts/{name}.md").read_text(encoding="utf-8").strip()
