"""Typed settings: what can be chosen, its default, and where a choice was read.

Invariant: later sources win: the user's file, then `codeact.toml` in the working directory, then the environment (`CODEACT_*`,
nested keys with two underscores), then explicit arguments; whatever does not fit is a `ConfigError` that names its source. A folder
that was downloaded must not be able to switch protection off, so `codeact.toml` may not hold the keys in `USER_ONLY`. It does not:
act on a setting, or read anything at import.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from codeact import errors
from codeact.events import Limits
from codeact.values import Prices

PREFIX = "CODEACT_"
VARIABLES = {
    "CODEACT_DEBUG": "Set to anything: the command line shows tracebacks.",
    "CODEACT_CACHE_DIR": "Folder for fetched model weights; unset: the user's cache folder.",
    "CODEACT_KEY": "Key that `codeact.Client` shows a codeact server; unset: none.",
    "CODEACT_MCP_TOKEN": "What clients of `codeact mcp --http` show; unset: one is made, and printed.",
}
"""Variables that are no settings: they are read where they are needed, and in no file."""

USER_ONLY = ("base_url", "isolation", "python", "tools", "mcp", "database", "folders")
"""Keys that `codeact.toml` in the working directory may not set: where keys and runs go, what keeps code in, and what runs outside."""


class Settings(BaseSettings):
    """Everything that can be set. Read it with `load`; the constructor takes values as they are."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    model: str = Field(
        "local", description="Who writes the turns: local, local:base, local:PATH.gguf, openai:NAME, replay:FILE or script:FILE."
    )
    base_url: str | None = Field(None, description="Address of an OpenAI-compatible server, for openai:NAME.")
    grammar: bool | None = Field(
        None,
        description="Whether the model may only write what the format's grammar admits; unset: local models do, openai:NAME (which needs a "
        "llama.cpp server for it) does not.",
    )
    native: bool = Field(
        False,
        description="Whether actions are the endpoint's own calls of functions (tools), for openai:NAME and the formats code and json; "
        "off, they are text, which every server takes.",
    )
    price_input: float | None = Field(
        None, ge=0, description="Dollars a million tokens that openai:NAME reads; with price_output, what a run costs is counted."
    )
    price_output: float | None = Field(None, ge=0, description="Dollars a million tokens that openai:NAME writes.")
    price_cached: float | None = Field(
        None, ge=0, description="Dollars a million tokens that openai:NAME reads from its prompt cache; unset: as price_input."
    )
    format: str = Field("code", description="How an action is written: code, json or text.")
    limits: Limits = Field(
        default_factory=Limits, description='Bounds of a run and of its session; "none" lifts a bound. See the table of limits.'
    )
    isolation: Literal["auto", "strict", "landlock", "process"] = Field(
        "auto", description="How code is confined: auto takes the strongest tier that this machine has; a named tier is had or refused."
    )
    preload: tuple[str, ...] | None = Field(
        None, description="Modules imported before a session starts; unset: numpy, pandas and matplotlib where they are installed."
    )
    python: Path | None = Field(None, description="Python interpreter that runs the code; unset: the one that runs codeact.")
    folders: tuple[Path, ...] = Field(
        (),
        description="Folders of this machine that the code can read and import from, where they are, without a copy; it can write to none.",
    )
    tools: tuple[str, ...] = Field(
        (),
        description="What the code can call: package.module, package.module:name or path/tools.py, each run on the host with your rights.",
    )
    mcp: Path | None = Field(None, description="File of MCP servers (mcpServers, JSON), whose tools the code can call.")
    temperature: float = Field(0.0, ge=0.0, description="Sampling temperature of the model; 0 is greedy.")
    seed: int | None = Field(None, description="Seed for the model's sampling, where it takes one.")
    max_tokens: int = Field(1024, ge=1, description="Most tokens of one model turn.")
    slots: int = Field(
        1,
        ge=1,
        description="Requests that a local model computes at once, each with memory of its own; with more than one, the last digits of its "
        "numbers, and so now and then a word, depend on what else it is writing.",
    )
    runs_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("codeact") / "runs",
        description="Where runs are saved when no file is named.",
    )
    database: str | None = Field(
        None,
        description="Where `serve` keeps runs: a path (SQLite) or postgresql://USER@HOST/NAME; unset: runs.db in the user's data folder.",
    )

    @property
    def prices(self) -> Prices | None:
        """What the tokens of `openai:NAME` cost; None: that is not known."""
        if self.price_input is None or self.price_output is None:
            return None
        return Prices(input=self.price_input, output=self.price_output, cached=self.price_cached)

    @field_validator("limits", mode="before")
    @classmethod
    def _lift(cls, value: Any) -> Any:
        """TOML and the environment have no null: the word none lifts a bound."""
        if not isinstance(value, Mapping):
            return value
        return {key: None if isinstance(one, str) and one.lower() == "none" else one for key, one in value.items()}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Constructor arguments only: `load` reads the other sources one by one, so that an error can name its own."""
        return (init_settings,)


def load(*, user_file: Path | None = None, project_file: Path | None = None, **explicit: Any) -> Settings:
    """Read the settings from all sources.

    Args:
        user_file: the user's file; None takes `config.toml` in the platform's folder for settings.
        project_file: the working directory's file; None takes `./codeact.toml`. Either file may be absent.
        explicit: settings by name, which win; a value of None means not given, and so does a None inside a mapping of limits.

    Raises:
        ConfigError: a file cannot be read, a key is unknown, a value does not fit (the message names the source), or there is only one of
            two prices.
    """
    merged: dict[str, Any] = {}
    for source, values in _sources(user_file or user_path(), project_file or Path("codeact.toml"), explicit):
        _check(source, values)
        for key, value in values.items():
            nested = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
            merged[key] = {**merged[key], **value} if nested else value
    settings = Settings(**merged)
    if (settings.price_input is None) != (settings.price_output is None):
        raise errors.ConfigError("of price_input and price_output one is set and the other is not: what a run costs takes both")
    return settings


def database_address(settings: Settings) -> str:
    """Where runs are kept in a database: the setting, or the file that is taken without it."""
    return settings.database or str(platformdirs.user_data_path("codeact") / "runs.db")


def user_path() -> Path:
    """The user's settings file, whether it exists or not."""
    return platformdirs.user_config_path("codeact") / "config.toml"


def _sources(user_file: Path, project_file: Path, explicit: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield f"file {str(user_file)!r}", _read(user_file)
    project = _read(project_file)
    for key in USER_ONLY:
        if key in project:
            raise errors.ConfigError(
                f"file {str(project_file)!r}: {key} = {project[key]!r} may not be set by a working directory; "
                f"set it in {str(user_file)!r}, as {PREFIX}{key.upper()}, or as an argument"
            )
    yield f"file {str(project_file)!r}", project
    _refuse_unknown_variables()
    yield "environment", _environment()
    yield "argument", _given(explicit)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise errors.ConfigError(f"cannot read the settings file {str(path)!r}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise errors.ConfigError(f"the settings file {str(path)!r} is not TOML: {error}; mend it") from error


def _environment() -> dict[str, Any]:
    """Values of the variables as pydantic-settings reads them: JSON for a sequence, parts for a nested key."""
    try:
        return dict(EnvSettingsSource(Settings)())
    except ValueError as error:
        raise errors.ConfigError(f"environment: {error}; a sequence is written as JSON, for example '[\"numpy\"]'") from error


def _refuse_unknown_variables() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    nested = {f"{PREFIX}LIMITS__{name.upper()}" for name in Limits.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name.upper() not in known | nested | VARIABLES.keys():
            raise errors.ConfigError(f"environment: the variable {name!r} is no setting{_nearest(name, known | nested)}")


def _given(explicit: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, value in explicit.items():
        if isinstance(value, Limits):
            given[key] = value.model_dump(exclude_unset=True)  # an explicit None lifts a bound
        elif isinstance(value, Mapping):
            inner = {name: one for name, one in value.items() if one is not None}
            if inner:
                given[key] = inner
        elif value is not None:
            given[key] = value
    return given


def _check(source: str, values: Mapping[str, Any]) -> None:
    """Each source is checked alone (every setting has a default), so that the message can say where the mistake is."""
    try:
        Settings(**values)
    except ValidationError as error:
        raise errors.ConfigError("; ".join(_explain(source, mistake) for mistake in error.errors(include_url=False))) from None


def _explain(source: str, mistake: Any) -> str:
    path = [str(part) for part in mistake["loc"]]
    key = f"{PREFIX}{'__'.join(path).upper()}" if source == "environment" else ".".join(path)
    if mistake["type"] == "extra_forbidden":
        fields = Limits.model_fields if path[0] == "limits" else Settings.model_fields
        return f"{source}: the key {key!r} is unknown{_nearest(path[-1], fields)}"
    return f"{source}: {key} = {mistake['input']!r} does not fit: {mistake['msg']}"


def _nearest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are: {', '.join(sorted(known))}"
