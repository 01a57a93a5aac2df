# pyright: reportMissingImports=false
# -- textworld takes minutes to compile, and is not where the checks run
"""A house of ALFWorld, played in text through textworld: one game, started, acted in, and closed.

Invariant: one thread at a time is in the games of a process. What is answered to a command is word for word what the original's games
answer: the name of a thing is its kind and a number, numbers of a kind going down in the order of the game's own identifiers; the place
that is arrived at is not told. A command that the house does not know in its present state changes nothing. It does not: decide what an
agent may do how often, or whether an unfinished game counts.
"""

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from codeact import errors

NOTHING = "Nothing happens."
_BANNER = re.compile(r"\A-= .*? =-\s*")
_ARRIVED = re.compile(r"\AYou arrive at .*?\. ")
_GOAL = re.compile(r"Your task is to: [^\"\\]*")
_PARTS = ("pddl_domain", "grammar", "pddl_problem")
_LOCK = threading.RLock()
_FREE: list[Any] = []
"""Copies of the planner's library that no game uses. Each holds one game, and none is ever unloaded: copies share what C++ calls unique
symbols, so that a process in which one was unloaded crashes when it ends."""

_GOTO = "go to {r}"
_ANY_GOAL = "Your task is to: do it."


def names_of(identifiers: Iterable[str]) -> dict[str, str]:
    """Names for a game's identifiers, such as ``cup_bar__plus_01_dot_20``: ``cup 1``.

    Args:
        identifiers: all that the game has; the numbers depend on the whole of them.
    """
    kinds = {}
    for identifier in sorted(set(identifiers)):
        kind, bar, _ = identifier.partition("_bar_")
        kinds[identifier] = (kind + "basin" if bar and "basin" in identifier else kind) if bar else None
    left = Counter(kind for kind in kinds.values() if kind is not None)
    names = {}
    for identifier, kind in kinds.items():
        names[identifier] = identifier if kind is None else f"{kind} {left[kind]}"
        left[kind] -= 1
    return names


def read_game(path: Path) -> dict[str, str]:
    """What a file game.tw-pddl holds: domain, grammar and problem.

    Raises:
        InputError: it is not there, or is no game.
    """
    try:
        game = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise errors.InputError(f"cannot read the game {str(path)!r}: {error}") from error
    missing = [part for part in _PARTS if not isinstance(game, dict) or not isinstance(game.get(part), str)]
    if missing:
        raise errors.InputError(f"the file {str(path)!r} is no game of ALFWorld: it has no {missing[0]!r}")
    return game


def goal_of(game: dict[str, str]) -> str:
    """The sentence in which a game states its task.

    Raises:
        InputError: it has none.
    """
    found = _GOAL.search(game["grammar"])
    if found is None:
        raise errors.InputError("the game's grammar states no task; is it one of ALFWorld?")
    return found.group()


class House:
    """A game that is being played.

    Args:
        game: its file game.tw-pddl.

    Raises:
        InputError: there is no such game.
        MissingExtraError: textworld is not installed, or not its part for such games.
    """

    def __init__(self, game: Path) -> None:
        self._game = read_game(game)
        self._textworld = _Textworld()
        self._logic: Any = None
        self._state: Any = None
        self._library: Any = None
        self._things: dict[str, Any] = {}
        self._actions: dict[str, Any] | None = None
        self.intro = self.reset()

    def reset(self) -> str:
        """Start from the beginning; what is seen first, and the task."""
        with _alone():
            self._library = self._library or (_FREE.pop() if _FREE else self._textworld.load_library())
            self._logic = _logic(self._game["pddl_domain"], _GOAL.sub(_ANY_GOAL, self._game["grammar"]))
            with _translated_once():
                self._state = self._textworld.state(self._library, self._game["pddl_problem"], self._logic)
            self._things = self._named()
            self._actions = None
            return _BANNER.sub("", self._told("#intro#", {})).replace(_ANY_GOAL, goal_of(self._game))

    def act(self, command: str) -> str:
        """Do something, and say what is seen then.

        Args:
            command: in the game's words, for example ``take cup 1 from shelf 2``.
        """
        with _LOCK:
            action = self._possible().get(command.strip())
            if action is None:
                return NOTHING
            self._state.apply(action)
            self._actions = None
            return _ARRIVED.sub("", self._told(action.feedback_rule, action.mapping))

    @property
    def won(self) -> bool:
        """Whether what the task wants is so now."""
        with _LOCK:
            return bool(self._open().check_goal())

    @property
    def commands(self) -> list[str]:
        """All that would change something, or show something, now."""
        with _LOCK:
            return sorted(self._possible())

    def close(self) -> None:
        """Free the game; it can be reset after that, and nothing else."""
        with _LOCK:
            if self._library is not None:
                self._library.cleanup()
                _FREE.append(self._library)
            self._library = self._state = self._actions = None

    def _open(self) -> Any:
        if self._state is None:
            raise errors.InputError("the game is closed; reset it to play it again")
        return self._state

    def _possible(self) -> dict[str, Any]:
        state = self._open()
        if self._actions is None:
            self._actions = {}
            for action in state.all_applicable_actions():
                template = _GOTO if action.name == "gotolocation" else action.command_template
                names = {place.name: self._things[thing.name].name for place, thing in action.mapping.items()}
                self._actions.setdefault(template.format(**names), action)
        return self._actions

    def _named(self) -> dict[str, Any]:
        kinds = {thing.name: thing.type for fact in self._state.facts for thing in fact.arguments}
        names = names_of(kinds)
        return {identifier: self._textworld.thing(identifier, kind, names[identifier]) for identifier, kind in kinds.items()}

    def _told(self, rule: str, mapping: dict[Any, Any]) -> str:
        context = {
            "state": self._state,
            "facts": list(self._state.facts),
            "variables": {place.name: self._things[thing.name] for place, thing in mapping.items()},
            "mapping": mapping,
            "entity_infos": self._things,
        }
        return self._logic.grammar.derive(rule, context)


class _Textworld:
    """What is used of textworld and of the planner below it."""

    def __init__(self) -> None:
        try:
            import fast_downward
            from textworld.envs.pddl import logic
            from textworld.generator.game import EntityInfo
        except ImportError as error:
            raise errors.MissingExtraError(error.name or "textworld", "mint", "a house of ALFWorld") from None
        self.load_library = fast_downward.load_lib
        self.state = logic.PddlState
        self._info = EntityInfo

    def thing(self, identifier: str, kind: str, name: str) -> Any:
        info: Any = self._info(identifier, kind)
        info.name, info.definite, info.indefinite = name, "the", "a"
        return info


@cache
def _logic(domain: str, grammar: str) -> Any:
    """The rules of games: all of ALFWorld's have the same but for the sentence that states the task, and reading them takes long."""
    from textworld.envs.pddl import logic

    return logic.GameLogic(domain=domain, grammar=grammar)


@lru_cache(maxsize=8)
def _translation(domain: str, problem: str, optimize: bool) -> Any:
    """A problem in the planner's language, which textworld only reads."""
    from fast_downward.interface import pddl2sas

    return pddl2sas(domain, problem, optimize=optimize)


@contextmanager
def _translated_once() -> Iterator[None]:
    """A game that is started several times is translated once: that is most of the half second that a start takes."""
    import fast_downward

    def translation(domain: str, problem: str, verbose: bool = False, optimize: bool = False) -> Any:
        return _translation(domain, problem, optimize)

    slow, fast_downward.pddl2sas = fast_downward.pddl2sas, translation
    try:
        yield
    finally:
        fast_downward.pddl2sas = slow


@contextmanager
def _alone() -> Iterator[None]:
    """One game starts at a time: the planner's translator keeps its settings in its modules, and overwrites sys.argv."""
    with _LOCK:
        arguments = sys.argv
        try:
            yield
        finally:
            sys.argv = arguments
