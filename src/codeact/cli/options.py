"""Options that several verbs share, and the settings that they make.

Invariant: an option that was not given leaves the setting to the other sources. It does not: hold defaults of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from codeact import config
from codeact.cli.screen.live import Places

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
files = click.option(
    "--file", "-f", "files", multiple=True, type=click.Path(path_type=Path), help="Copy a file into the workspace; may be repeated."
)
whole = click.option("--whole", is_flag=True, help="Show long output unfolded.")


def session_options(command: F) -> F:
    """Options of the sandbox: --isolation, --memory, --python, --preload, --folder."""
    for option in (
        click.option(
            "--folder",
            "folders",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            metavar="DIRECTORY",
            help="Let the code read this folder where it is, without a copy; may be repeated.",
        ),
        click.option("--preload", help="Modules imported before the session starts, with commas between; '' for none."),
        click.option("--python", type=click.Path(path_type=Path), help="Python interpreter that runs the code."),
        click.option("--memory", type=click.IntRange(min=16), metavar="MB", help="Memory of the session."),
        click.option("--isolation", type=click.Choice(["auto", "strict", "landlock", "process"]), help="How code is confined."),
    ):
        command = option(command)
    return command


def tool_options(command: F) -> F:
    """What the code can call: --tools, --mcp."""
    for option in (
        click.option("--mcp", type=click.Path(path_type=Path), metavar="SERVERS.json", help="MCP servers whose tools the code can call."),
        click.option(
            "--tools",
            multiple=True,
            metavar="MODULE|FILE.py",
            help="Functions that the code can call; run outside the sandbox. Repeatable.",
        ),
    ):
        command = option(command)
    return command


def model_options(command: F) -> F:
    """Options of the model and of a run: --model and `run_options`."""
    option = click.option("--model", "-m", help="local, local:base, local:PATH.gguf, openai:NAME, replay:FILE or script:FILE.")
    return option(run_options(command))


def run_options(command: F) -> F:
    """Options of a run, whatever its model: --base-url, --native, --grammar, --format, --temperature and so on."""
    for option in (
        click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Seconds that the run may take."),
        click.option("--max-turns", type=click.IntRange(min=1), help="Model turns that the run may take."),
        click.option("--seed", type=int, help="Seed for sampling, where the model takes one."),
        click.option("--temperature", type=click.FloatRange(min=0), help="Sampling temperature; 0 is greedy."),
        click.option("--format", "format_", metavar="code|json|text", help="How an action is written."),
        click.option("--native/--no-native", default=None, help="Write actions as the endpoint's own calls (tools) instead of text."),
        click.option("--grammar/--no-grammar", default=None, help="Hold the model to the format's grammar; a server must be llama.cpp's."),
        click.option("--base-url", help="Address of an OpenAI-compatible server."),
    ):
        command = option(command)
    return command


ask = click.option("--ask", type=click.Choice(["actions", "calls", "all"]), help="Ask before each action, each call of a tool, or both.")


def save_options(command: F) -> F:
    """Where the record goes: --save, --no-save."""
    for option in (
        click.option("--no-save", is_flag=True, help="Write neither a record nor figures."),
        click.option("--save", type=click.Path(path_type=Path), help="File for the record; without it, a file in the user's data folder."),
    ):
        command = option(command)
    return command


def places(settings: config.Settings, options: dict[str, Any]) -> Places:
    """Where things go, by the options above and --out.

    Raises:
        UsageError: both --save and --no-save.
    """
    if options["no_save"] and options["save"]:
        raise click.UsageError("--save and --no-save exclude each other; give one of them")
    runs = None if options["no_save"] else settings.runs_dir
    return Places(save=options["save"], runs=runs, out=options["out"], figures=not options["no_save"])


def settings(options: dict[str, Any]) -> config.Settings:
    """Settings from all sources, the given options winning.

    Args:
        options: values of the options above, by parameter name; others are ignored.

    Raises:
        ConfigError: a source cannot be read, or a value does not fit.
    """
    preload = options.get("preload")
    return config.load(
        model=options.get("model"),
        base_url=options.get("base_url"),
        grammar=options.get("grammar"),
        native=options.get("native"),
        format=options.get("format_"),
        isolation=options.get("isolation"),
        python=options.get("python"),
        folders=options.get("folders") or None,
        tools=options.get("tools") or None,
        mcp=options.get("mcp"),
        preload=None if preload is None else tuple(name.strip() for name in preload.split(",") if name.strip()),
        temperature=options.get("temperature"),
        seed=options.get("seed"),
        slots=options.get("slots"),
        max_tokens=options.get("max_tokens"),
        limits={
            "turns": options.get("max_turns"),
            "seconds": options.get("timeout"),
            "action_seconds": options.get("cell_timeout"),
            "memory_mb": options.get("memory"),
        },
    )
