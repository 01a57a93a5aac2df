"""Attention of a branch, there and back: torch's own beside the one that keeps its weights, in one run.

    python benchmarks/attention.py [--stem 174] [--lengths 100,240,450,900]

The heads are those of SmolLM2-135M (9 of queries, 3 of keys, 64 wide). Told is the lowest of a second, in milliseconds;
`codeact.train.packing.attention` keeps the weights in bf16 only.
"""

import argparse
import time
from collections.abc import Callable

import torch
from torch import Tensor

from codeact.train.packing import attention
from codeact.train.packing.layout import Layout, branch

HEADS, KEY_HEADS, SIZE = 9, 3, 64


def continued(stem: int, length: int, dtype: torch.dtype) -> tuple[list[Tensor], Layout]:
    """Query, key and value of a stem and one branch, and their layout."""
    given = [torch.randn(1, heads, stem + length, SIZE, dtype=dtype, requires_grad=True) for heads in (HEADS, KEY_HEADS, KEY_HEADS)]
    cpu = torch.device("cpu")
    return given, Layout((branch(0, stem, None, cpu, dtype), branch(stem, length, 0, cpu, dtype)), (stem, length))


def lowest(work: Callable[[], object]) -> float:
    """Milliseconds, the lowest of a second's repetitions."""
    times: list[float] = []
    while sum(times) < 1.0:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times)


def there_and_back(given: list[Tensor], layout: Layout) -> tuple[float, float]:
    """Milliseconds of the output, and of the gradients after it."""
    query, key, value = given

    def there() -> Tensor:
        return attention.tree_attention(torch.nn.Identity(), query, key, value, None, layout=layout)[0]

    slope = torch.randn_like(there())
    forth = lowest(there)
    return forth, lowest(lambda: torch.autograd.grad(there(), given, slope)) - forth


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stem", type=int, default=174, help="tokens that the branch continues (default: %(default)s)")
    parser.add_argument("--lengths", default="100,240,450,900", help="of the branch, in tokens (default: %(default)s)")
    asked = parser.parse_args()
    most = attention.MOST_KEPT
    print(f"{torch.get_num_threads()} threads; branch after a stem of {asked.stem}, there + back in ms\n")
    print(f"{'numbers':8} {'length':>6} {'made again':>16} {'kept':>16} {'ratio':>6}")
    for dtype in (torch.bfloat16, torch.float32):
        for length in map(int, asked.lengths.split(",")):
            given, layout = continued(asked.stem, length, dtype)
            told = []
            for kept in (0, most) if dtype == torch.bfloat16 else (0,):
                attention.MOST_KEPT = kept
                told.append(there_and_back(given, layout))
            cells = [f"{forth:6.2f} + {back:6.2f}" for forth, back in told]
            ratio = f"{sum(told[0]) / sum(told[1]):6.1f}" if len(told) > 1 else "     -"
            print(f"{str(dtype).removeprefix('torch.'):8} {length:6} {cells[0]:>16} {cells[1] if len(cells) > 1 else '-':>16} {ratio}")


if __name__ == "__main__":
    main()
