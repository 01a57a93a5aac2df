"""`codeact doctor`: what works on this machine, and how to mend what does not.

Invariant: what is reported on was tried just now. It does not: change anything.
"""

import json
import platform
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from codeact import __version__, build, config, errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.render import progress_console, result_console
from codeact.sandbox import probe

PARTS = {
    "xllamacpp": ("local", "the model `local`"),
    "openai": ("openai", "models called openai:NAME"),
    "numpy": ("data", "code that uses it"),
    "pandas": ("data", "code that uses it"),
    "matplotlib": ("data", "figures"),
}
"""Optional package -> the extra that brings it, and what needs it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One optional package; `version` is None if it is not installed."""

    package: str
    version: str | None
    purpose: str
    mend: str


@click.command(epilog="Example:  codeact doctor --json")
@options.session_options
@options.as_json
def command(**chosen: Any) -> Exit:
    """Try each layer of isolation, and say what is on, what is off, and how to mend it.

    Exit code 0: a session can be had with these settings; 6: none can.
    """
    settings = options.settings(chosen)
    python = str(settings.python) if settings.python else None
    with progress_console().status("trying"):
        layers = probe.probe(python)
        tier, reason = _tier(settings, python)
    parts = [_part(package) for package in PARTS]
    weights = build.local_models()
    if chosen["as_json"]:
        document = {
            "codeact": __version__,
            "python": platform.python_version(),
            "tier": tier,
            "reason": reason,
            "layers": [asdict(layer) for layer in layers],
            "parts": [asdict(part) for part in parts],
            "models": [{"name": one.name, "path": str(one.path), "present": one.present} for one in weights],
            "limits": settings.limits.model_dump(),
            "settings_file": str(config.user_path()),
            "runs_dir": str(settings.runs_dir),
        }
        click.echo(json.dumps(document, indent=1))
    else:
        page = Page(result_console())
        page.isolation(layers, settings.isolation, tier, reason)
        page.parts(parts, weights)
        page.settings(settings)
    return Exit.OK if tier else Exit.SESSION


def _tier(settings: config.Settings, python: str | None) -> tuple[str, str]:
    """The tier that a session would get, or why there is none."""
    try:
        return probe.pick_tier(settings.isolation, python), ""
    except errors.SessionError as error:
        return "", str(error)


def _part(package: str) -> Part:
    extra, purpose = PARTS[package]
    try:
        return Part(package, metadata.version(package), purpose, "")
    except metadata.PackageNotFoundError:
        return Part(package, None, purpose, f"pip install 'codeact[{extra}]'")


class Page:
    """The report for people."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def isolation(self, layers: list[probe.LayerReport], wanted: str, tier: str, reason: str) -> None:
        """What was tried, and what follows from it."""
        self._head("Isolation")
        for layer in layers:
            self._line(layer.on, layer.name, layer.detail, layer.mend)
        if tier:
            self._print(Text.assemble(("  in force: ", ""), (tier, "bold green"), (f" (asked for: {wanted})", "dim")))
        else:
            self._print(Text(f"  no session can be had (asked for: {wanted}): {clean(reason)}", style="bold red"))

    def parts(self, parts: list[Part], weights: list[Any]) -> None:
        """Packages and models."""
        self._head("Parts")
        self._line(True, "codeact", f"{__version__}, Python {platform.python_version()}, IPython {metadata.version('ipython')}", "")
        for part in parts:
            self._line(part.version is not None, part.package, part.version or f"not installed; needed by {part.purpose}", part.mend)
        for one in weights:
            self._line(one.present, f"model {one.name}", str(one.path), "" if one.present else "codeact models pull")

    def settings(self, settings: config.Settings) -> None:
        """Where settings are read, and the limits in force."""
        self._head("Settings")
        path = config.user_path()
        self._field("file", f"{path}{'' if path.exists() else ' (not there)'}")
        self._field("runs", str(settings.runs_dir))
        self._field("model", settings.model)
        for name, value in settings.limits.model_dump().items():
            self._field(name, "none" if value is None else f"{value:g}")

    def _head(self, text: str) -> None:
        self._print(Text(text, style="bold"))

    def _field(self, name: str, value: str) -> None:
        self._print(Text.assemble((f"    {name:<22} ", "dim"), clean(value)))

    def _line(self, on: bool, name: str, detail: str, mend: str) -> None:
        mark, style = ("on ", "green") if on else ("off", "red" if mend else "dim")
        self._print(Text.assemble("  ", (mark, style), f" {name:<22} ", (clean(detail), "dim")))
        if mend:
            self._print(Text(f"      {clean(mend)}", style="yellow"))

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=not self._console.is_terminal)
