"""Shared beginnings, merged adapters and chunked logits change the speed of a step and not its loss or gradients."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from codeact.train import device, loading, model_building
from codeact.train.config import SftConfig
from codeact.train.corpus import read_corpus
from codeact.train.loop import Trainer
from codeact.train.loss import summed_cross_entropy
from codeact.train.packing import attention, layout
from codeact.train.packing.plan import Step, plan_step
from codeact.train.rendering import Example, Renderer

CPU = device.Place(torch.device("cpu"), torch.float32)


@pytest.fixture(scope="module")
def examples(tiny_model: Path, tiny_data: Path) -> list[Example]:
    return read_corpus(Renderer(loading.load_tokenizer(tiny_model)), [tiny_data], max_length=400).train[:12]


def trainer(tiny_model: Path, **changes: Any) -> Trainer:
    """A trainer whose adapters are not zero."""
    config = SftConfig.model_validate({"data": ["x"], "out": "x", "lora": {"rank": 4, "alpha": 8}, **changes})
    torch.manual_seed(0)
    made = model_building.build_trainer(config, loading.load_base(tiny_model, torch.float32), CPU, (0, 1), lambda: False)
    torch.manual_seed(1)
    for name, parameter in made.model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.2)
    if made.merged is not None:
        made.merged.refresh()
    return made


def gradients(made: Trainer, step: Step) -> tuple[float, dict[str, torch.Tensor]]:
    """Mean loss of a step and the gradients of it."""
    total = 0.0
    made.optimizer.zero_grad()
    for pack in step.packs:
        loss = made._loss(pack) / step.learnt
        loss.backward()
        total += loss.item()
    return total, {name: parameter.grad.clone() for name, parameter in made.model.named_parameters() if parameter.grad is not None}


def alone(made: Trainer, examples: list[Example]) -> tuple[float, dict[str, torch.Tensor]]:
    """The same by transformers' own attention and all logits, one conversation at a time."""
    made.model.set_attn_implementation("eager")
    made.optimizer.zero_grad()
    learnt = sum(sum(example.learnt) for example in examples)
    total = 0.0
    for example in examples:
        ids = torch.tensor([example.ids])
        goals = torch.tensor([goal if mark else -100 for goal, mark in zip(example.ids, example.learnt, strict=True)])
        logits = made.model(input_ids=ids).logits[0]
        loss = cross_entropy(logits[:-1], goals[1:], reduction="sum", ignore_index=-100) / learnt
        loss.backward()
        total += loss.item()
    return total, {name: parameter.grad.clone() for name, parameter in made.model.named_parameters() if parameter.grad is not None}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    assert one.keys() == other.keys()
    assert any(values.abs().max() > 1e-3 for values in one.values())
    return all(torch.allclose(values, other[name], rtol=1e-3, atol=1e-5) for name, values in one.items())


@pytest.mark.parametrize("changes", [{}, {"device": {"merged": "off"}}, {"method": "full"}], ids=["merged", "peft", "full"])
@pytest.mark.parametrize("pack_tokens", [150, 4000])
def test_loss_and_gradients_are_those_of_each_conversation_alone(
    tiny_model: Path, examples: list[Example], changes: dict[str, Any], pack_tokens: int
) -> None:
    step = plan_step(examples, pack_tokens=pack_tokens)
    assert step.computed < 0.95 * sum(len(example.ids) for example in examples) or pack_tokens == 150
    loss, slopes = gradients(trainer(tiny_model, **changes), step)
    true_loss, true_slopes = alone(trainer(tiny_model, **{**changes, "device": {"merged": "off"}}), examples)
    assert loss == pytest.approx(true_loss, rel=1e-5)
    assert same(slopes, true_slopes)


def test_a_branch_does_not_see_its_neighbour(tiny_model: Path, examples: list[Example]) -> None:
    made = trainer(tiny_model)
    whole, _ = gradients(made, plan_step(examples, pack_tokens=4000))
    other = Example("other", examples[-1].ids[:-9] + (7,) * 9, examples[-1].learnt)
    changed, _ = gradients(made, plan_step([*examples[:-1], other], pack_tokens=4000))
    kept = plan_step(examples[:-1], pack_tokens=4000)
    alone_, _ = gradients(made, kept)
    rest = sum(gradients(made, plan_step([one], pack_tokens=4000))[0] * sum(one.learnt) for one in (examples[-1],))
    learnt = sum(sum(one.learnt) for one in examples)
    assert whole == pytest.approx((alone_ * kept.learnt + rest) / learnt, rel=1e-5)
    assert changed != pytest.approx(whole, rel=1e-5)


def test_chunked_cross_entropy_is_cross_entropy() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(1100, 16, requires_grad=True)
    weight = torch.randn(50, 16, requires_grad=True)
    goals = torch.randint(0, 50, (1100,))
    found = torch.autograd.grad(summed_cross_entropy(hidden, weight, goals) / 7, (hidden, weight))
    true = torch.autograd.grad(cross_entropy(hidden @ weight.T, goals, reduction="sum") / 7, (hidden, weight))
    assert all(torch.allclose(one, other, rtol=1e-4, atol=1e-4) for one, other in zip(found, true, strict=True))


def attended(dtype: torch.dtype) -> list[torch.Tensor]:
    """A pack of two conversations with one beginning, through the attention: the output and the gradients of query, key and value."""
    torch.manual_seed(0)
    given = [(2 * torch.randn(1, heads, 60, 16)).to(dtype).requires_grad_() for heads in (6, 2, 2)]
    goal = torch.randn(1, 60, 6, 16)
    examples = [
        Example(name, ids, (False,) * 20 + (True,) * (len(ids) - 20))
        for name, ids in (("a", (*range(41),)), ("b", (*range(20), *range(50, 71))))
    ]
    pack = plan_step(examples, pack_tokens=4000).packs[0]
    tensors = layout.to_tensors(pack, CPU.device, dtype)
    assert tensors.layout.lengths == (20, 20, 20)
    output, _ = attention.tree_attention(torch.nn.Identity(), *given, None, layout=tensors.layout, scaling=0.3)
    (output.float() * goal).sum().backward()
    return [output.detach().float(), *(each.grad.float() for each in given if each.grad is not None)]


@pytest.mark.parametrize("most", [0, attention.MOST_KEPT], ids=["made again", "kept"])
def test_attention_in_bf16_is_that_in_fp32_with_its_weights_kept_or_made_again(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    true = attended(torch.float32)
    monkeypatch.setattr(attention, "MOST_KEPT", most)
    found = attended(torch.bfloat16)
    assert len(found) == len(true) == 4
    assert all((one - other).abs().max() < 0.04 * other.abs().max() for one, other in zip(found, true, strict=True))
