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
from rich.table import Table
from rich.text import Text

from codeact import __version__, build, config, errors
from codeact.cli import options
from codeact.cli.exits import Exit
from codeact.cli.flow import clean
from codeact.cli.screen.consoles import progress_console, result_console
from codeact.sandbox import probe

PARTS = {
    "xllamacpp": ("local", "the model `local`"),
    "gguf": ("local", "the model `local`"),
    "openai": ("openai", "models called openai:NAME"),
    "mcp": ("mcp", "codeact mcp"),
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
        force = Text.assemble((tier, "bold green"), f" (asked for: {wanted})")
        none = Text(f"no session can be had (asked for: {wanted}): {clean(reason)}", style="bold red")
        self._section("Isolation", [*map(_row, layers), ("", "in force", force if tier else none)])

    def parts(self, parts: list[Part], weights: list[Any]) -> None:
        """Packages and models."""
        own = probe.LayerReport(
            "codeact", True, f"{__version__}, Python {platform.python_version()}, IPython {metadata.version('ipython')}"
        )
        packages = [
            probe.LayerReport(one.package, one.version is not None, one.version or f"not installed; needed by {one.purpose}", one.mend)
            for one in parts
        ]
        models = [
            probe.LayerReport(f"model {one.name}", one.present, str(one.path), "" if one.present else "codeact models pull")
            for one in weights
        ]
        self._section("Parts", [_row(one) for one in (own, *packages, *models)])

    def settings(self, settings: config.Settings) -> None:
        """Where settings are read, and the limits in force."""
        path = config.user_path()
        fields = {
            "file": f"{path}{'' if path.exists() else ' (not there)'}",
            "runs": str(settings.runs_dir),
            "model": settings.model,
            **{name: "none" if value is None else f"{value:g}" for name, value in settings.limits.model_dump().items()},
        }
        self._section("Settings", [("", name, Text(clean(value))) for name, value in fields.items()])

    def _section(self, title: str, rows: list[tuple[str, str, Text]]) -> None:
        self._console.print(Text(title, style="bold"))
        if not self._console.is_terminal:
            for mark, name, detail in rows:
                self._console.print(Text(f"  {mark:<3} {name:<22} {detail.plain.replace(chr(10), '; ')}"), soft_wrap=True)
            return
        table = Table.grid(padding=(0, 1))
        table.add_column(width=4, justify="right")
        table.add_column(width=22)
        table.add_column(overflow="fold")
        for mark, name, detail in rows:
            style = "green" if mark == "on" else "dim" if "\n" not in detail.plain else "red"
            table.add_row(Text(mark, style=style), Text(name), detail)
        self._console.print(table)


def _row(layer: probe.LayerReport) -> tuple[str, str, Text]:
    """Mark, name and detail, how to mend it on a line of its own."""
    detail = Text(clean(layer.detail), style="dim")
    if layer.mend:
        detail = Text.assemble(detail, "\n", (clean(layer.mend), "yellow"))
    return "on" if layer.on else "off", layer.name, detail
