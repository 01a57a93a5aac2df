"""Settings: sources, their order, and what a mistake in each is called."""

from pathlib import Path
from typing import Any

import pytest

from codeact import config
from codeact.errors import ConfigError
from codeact.events import Limits


class Files:
    """The two settings files, in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.user = folder / "config.toml"
        self.project = folder / "codeact.toml"

    def load(self, **explicit: Any) -> config.Settings:
        return config.load(user_file=self.user, project_file=self.project, **explicit)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_without_any_source_the_defaults_hold(files: Files) -> None:
    settings = files.load()
    assert (settings.model, settings.format, settings.isolation, settings.limits) == ("local", "code", "auto", Limits())


def test_later_sources_win_one_by_one(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.user.write_text('model = "a"\nseed = 1\ntemperature = 0.5\nmax_tokens = 10\n')
    files.project.write_text('model = "b"\nseed = 2\ntemperature = 0.6\n')
    monkeypatch.setenv("CODEACT_MODEL", "c")
    monkeypatch.setenv("CODEACT_SEED", "3")
    settings = files.load(model="d")
    assert (settings.model, settings.seed, settings.temperature, settings.max_tokens) == ("d", 3, 0.6, 10)


def test_limits_are_merged_key_by_key(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.user.write_text("[limits]\nturns = 3\ntokens = 500\n")
    monkeypatch.setenv("CODEACT_LIMITS__TOKENS", "600")
    limits = files.load(limits={"memory_mb": 99, "seconds": None}).limits
    assert (limits.turns, limits.tokens, limits.memory_mb, limits.seconds) == (3, 600, 99, None)


def test_the_word_none_lifts_a_bound(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.user.write_text('[limits]\nturns = "none"\n')
    monkeypatch.setenv("CODEACT_LIMITS__ACTION_SECONDS", "none")
    limits = files.load().limits
    assert (limits.turns, limits.action_seconds) == (None, None)


def test_an_explicit_limits_object_lifts_a_bound_with_none(files: Files) -> None:
    files.user.write_text("[limits]\nturns = 3\nprocesses = 4\n")
    limits = files.load(limits=Limits(turns=None)).limits
    assert (limits.turns, limits.processes) == (None, 4)


def test_a_sequence_in_the_environment_is_json(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEACT_PRELOAD", '["numpy"]')
    assert files.load().preload == ("numpy",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('modle = "x"', ["config.toml", "'modle'", "did you mean 'model'"]),
        ("[limits]\nturn = 1", ["config.toml", "'limits.turn'", "did you mean 'turns'"]),
        ('[limits]\nturns = "x"', ["config.toml", "limits.turns", "'x'", "integer"]),
        ('isolation = "lax"', ["config.toml", "isolation", "'lax'", "'strict'"]),
        ("max_tokens = 0", ["config.toml", "max_tokens", "0", "greater than or equal to 1"]),
        ("model = ", ["config.toml", "not TOML"]),
    ],
)
def test_a_mistake_in_a_file_names_file_key_value_and_what_fits(files: Files, text: str, words: list[str]) -> None:
    files.user.write_text(text)
    with pytest.raises(ConfigError) as caught:
        files.load()
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CODEACT_MODLE", "x", ["CODEACT_MODLE", "did you mean 'CODEACT_MODEL'"]),
        ("CODEACT_LIMITS__TURNS", "x", ["CODEACT_LIMITS__TURNS", "'x'", "integer"]),
        ("CODEACT_LIMITS", "nonsense", ["environment"]),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    files: Files, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: list[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        files.load()
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize("name", config.VARIABLES)
def test_a_variable_that_is_no_setting_is_no_mistake(files: Files, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    assert files.load() == config.load(user_file=files.user, project_file=files.project)


def test_a_mistake_in_an_argument_is_called_an_argument(files: Files) -> None:
    with pytest.raises(ConfigError, match="argument: temperature = -1"):
        files.load(temperature=-1)


@pytest.mark.parametrize("key", config.USER_ONLY)
def test_a_working_directory_cannot_switch_protection_off(files: Files, key: str) -> None:
    files.project.write_text(f'{key} = "process"\n')
    with pytest.raises(ConfigError, match=f"{key} = 'process' may not be set by a working directory"):
        files.load()


def test_runs_are_kept_in_the_users_folder_unless_an_address_is_set(files: Files) -> None:
    assert Path(config.database_address(files.load())).parts[-2:] == ("codeact", "runs.db")
    files.user.write_text('database = "postgresql://me@/runs"\n')
    assert config.database_address(files.load()) == "postgresql://me@/runs"
    assert config.database_address(files.load(database="mine.db")) == "mine.db"


def test_every_setting_is_described() -> None:
    assert [name for name, field in config.Settings.model_fields.items() if not field.description] == []


def test_an_unreadable_file_is_an_error_that_names_it(files: Files) -> None:
    files.user.mkdir()
    with pytest.raises(ConfigError, match=r"cannot read the settings file '.*config\.toml'"):
        files.load()
