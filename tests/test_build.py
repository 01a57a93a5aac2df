"""Names become live objects; the public `Agent`."""

from pathlib import Path

import pytest

import codeact
from codeact import build, config
from codeact.agent import loop
from codeact.errors import ConfigError, InputError, ModelAuthError
from codeact.events import Limits, Observation, RunStarted
from codeact.formats.code import CodeFormat
from codeact.formats.json_call import JsonFormat
from codeact.formats.text_call import TextFormat
from codeact.models.local import LocalModel
from codeact.models.openai_api import OpenAIModel
from codeact.models.replay import ReplayModel, ScriptModel
from codeact.trajectory import Trajectory, load

TURNS = ["<execute>\n6 * 7\n</execute>", "<solution>42</solution>"]


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no `codeact.toml` of the surroundings is read, and sessions start soon."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEACT_PRELOAD", "[]")


def test_each_form_of_name_gives_its_model(tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text("<solution>1</solution>")
    Trajectory(tmp_path / "r.jsonl").close()
    names = {
        "local": LocalModel,
        "local:base": LocalModel,
        "local:m.gguf": LocalModel,
        "local:m.gguf+a.gguf": LocalModel,
        "local:base+a.gguf": LocalModel,
        "openai:m": OpenAIModel,
        "script:s.txt": ScriptModel,
        "replay:r.jsonl": ReplayModel,
    }
    made = {name: build.model(name, base_url="http://127.0.0.1:1/v1") for name in names}
    assert {name: type(one) for name, one in made.items()} == names
    assert {name: one.name for name, one in made.items()} == {name: name for name in names}


@pytest.mark.parametrize("name", ["", "gpt-5", "local:", "openai:", "script:", "replay:", "Local", "openai"])
def test_another_name_is_an_error_that_lists_the_forms(name: str) -> None:
    with pytest.raises(InputError, match=r"local, local:base, local:PATH\.gguf, local:MODEL\+ADAPTER\.gguf, openai:NAME"):
        build.model(name)


def test_openai_without_a_key_is_an_error_at_once() -> None:
    with pytest.raises(ModelAuthError):
        build.model("openai:m")


def test_dollars_are_bounded_only_where_what_is_spent_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    bounded = Limits(cost=0.5)
    with pytest.raises(InputError, match=r"limits\.cost = 0\.5 cannot be kept: what 'openai:m' costs is not known; set price_input and"):
        build.Agent("openai:m", limits=bounded)
    build.Agent(ScriptModel([]), limits=bounded).close()
    monkeypatch.setenv("CODEACT_PRICE_INPUT", "1.5")
    with pytest.raises(ConfigError, match="of price_input and price_output one is set and the other is not"):
        build.Agent("openai:m")
    monkeypatch.setenv("CODEACT_PRICE_OUTPUT", "6")
    build.Agent("openai:m", limits=bounded).close()


def test_the_three_formats_and_no_other() -> None:
    kinds = [type(build.format(name)) for name in ("code", "json", "text")]
    assert kinds == [CodeFormat, JsonFormat, TextFormat]
    with pytest.raises(InputError, match="no format is called 'yaml'; write one of: code, json, text"):
        build.format("yaml")


async def test_a_session_has_the_limits_and_isolation_of_the_settings() -> None:
    async with await build.open_session(config.load(limits={"action_seconds": 5.0}, isolation="process")) as session:
        assert session.isolation == "process"
        assert session.limits.action_seconds == 5
        assert (await session.arun("1 + 1")).result == "2"


@pytest.fixture
def script() -> None:
    """The turns as a file, for the name script:s.txt."""
    Path("s.txt").write_text("\n---\n".join(TURNS))


@pytest.mark.usefixtures("script")
async def test_an_agent_tells_of_the_session_that_it_opens() -> None:
    opened: list[build.Session] = []
    async with build.agent(config.load(model="script:s.txt"), answer_type=int, on_session=opened.append) as agent:
        run = await agent.arun("How many?")
    assert (run.state, run.value, len(opened)) == ("answered", 42, 1)


@pytest.mark.usefixtures("script")
def test_the_public_agent_takes_names_and_runs() -> None:
    with codeact.Agent(model="script:s.txt", limits=Limits(turns=4), answer_type=int) as agent:
        assert isinstance(agent, loop.Agent)
        run = agent.run("How many?", save="run.jsonl")
    assert (run.state, run.answer, run.value) == ("answered", "42", 42)
    record = load("run.jsonl")
    assert record.of_type(RunStarted)[0].limits.turns == 4
    assert record.of_type(Observation)[0].result == "42"


def test_the_public_agent_takes_a_live_model_too() -> None:
    with codeact.Agent(ScriptModel(TURNS)) as agent:
        assert agent.run("How many?").answer == "42"


def test_an_observation_is_no_longer_than_a_quarter_of_a_small_context() -> None:
    model = ScriptModel(["<execute>\nprint('1' * 5000)\n</execute>", TURNS[1]])
    model.context_tokens = 1200  # type: ignore[attr-defined]
    with codeact.Agent(model) as agent:
        run = agent.run("How many?", trajectory=(record := Trajectory()))
    assert run.answer == "42"
    assert record.of_type(RunStarted)[0].limits.output_chars == 300
    assert 200 < len(record.of_type(Observation)[0].text) <= 300


def test_what_is_not_given_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEACT_LIMITS__TURNS", "1")
    Path("codeact.toml").write_text('model = "script:s.txt"\n')
    Path("s.txt").write_text(TURNS[0])
    with codeact.Agent() as agent:
        assert agent.run("How many?").state == "limit"


def test_a_setting_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ConfigError, match="argument: temperature = -1"):
        codeact.Agent(ScriptModel([]), temperature=-1)


def test_a_record_goes_to_one_place_only() -> None:
    with codeact.Agent(ScriptModel([])) as agent, pytest.raises(InputError, match="give one of them"):
        agent.run("hi", trajectory=Trajectory(), save="run.jsonl")


def test_only_local_models_are_listed_and_fetched() -> None:
    assert [one.name for one in build.local_models()] == ["local"]
    with pytest.raises(InputError, match="there is no model 'gpt' to fetch; there is: local"):
        build.pull_model("gpt")
