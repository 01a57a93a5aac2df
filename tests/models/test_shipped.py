"""The adapter that `local` loads: small enough, with a card, and an agent that does what the card says it does."""

from pathlib import Path

import pytest

from codeact import Agent
from codeact.agent.conversation import Run
from codeact.events import Action
from codeact.models import pinned, prepared

MOST_BYTES = 25_000_000


@pytest.fixture(scope="module")
def adapter() -> Path:
    found = pinned.find_adapter()
    assert found is not None
    return found


def test_it_is_small_and_has_a_card(adapter: Path) -> None:
    assert adapter.stat().st_size < MOST_BYTES
    card = (adapter.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"\n## {part}\n" in card for part in ("Data", "Recipe", "Scores", "Limits"))


def test_it_is_a_pair_of_factors_for_every_linear_layer(adapter: Path) -> None:
    tensors, alpha = prepared.read_adapter(adapter)
    names = {name.rpartition(".lora_")[0] for name in tensors}
    assert (len(tensors), len(names)) == (2 * 7 * 30, 7 * 30)  # seven layers in each of SmolLM2's thirty blocks
    assert {tensors[f"{name}.lora_a"].shape[0] for name in names} == {16}
    assert alpha == 32


@pytest.mark.weights
@pytest.mark.usefixtures("weights")
def test_the_agent_computes_what_it_is_asked_and_answers_a_greeting_without_code() -> None:
    with Agent(model="local") as agent:
        run = agent.run("What is 12345 * 6789?")
    assert (run.state, run.answer) == ("answered", "83810205")
    assert actions(run)
    with Agent(model="local") as agent:
        run = agent.run("Hello! Are you there?")
    assert run.state == "answered"
    assert not actions(run)


def actions(run: Run) -> list[Action]:
    return [event for event in run.trajectory.events if isinstance(event, Action)]
