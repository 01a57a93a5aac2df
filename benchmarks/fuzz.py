"""Random and mutated input against the two parsers that read what others wrote: the wire's frames, and a model's turns.

    python benchmarks/fuzz.py [--examples 120000] [--seed N]

Hypothesis makes the input (not the same as the tests: no database, a new seed each time, printed). Of the decoder only `WireError` may come
out, whatever the bytes and wherever they are split, and whole valid frames must come out as they went in; of the action parser only
`FormatError`. It asserts: the first other exception ends it with the smallest input that shows it.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from codeact.errors import FormatError, WireError
from codeact.formats.code import CodeFormat
from codeact.sandbox import channel

_NUMBERS = st.one_of(st.integers(-3, 70), st.sampled_from([1 << 22, 1 << 31, 1 << 63, -(1 << 63), 1 << 70, 10**400]))
_SCALARS = st.one_of(
    st.none(), st.booleans(), _NUMBERS, st.floats(), st.text(max_size=8), st.sampled_from(["ok", "error", "\ud800", "now"])
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["id", "status", "exit_code", "result", "broken", "error", "pid", "mark", "reason", "mapped", "data", "wait", "parts", "x"]
)
_KINDS = st.one_of(st.sampled_from([16, 17, 18, 19]), st.integers(0, 255))
_TEXT = st.text(max_size=20)
_BUNDLES = st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png", "x"]), st.one_of(_TEXT, st.none()), max_size=3)
_NAMES = st.lists(_TEXT, max_size=4)
_PIECES = st.one_of(
    st.sampled_from(
        ["<execute>", "</execute>", "<solution>", "</solution>", "<execute", "</exec", "```python\n", "```", "\n", "\r\n", "\\n", "\\",
         "'", '"', "'''", '"""', "#", "&lt;execute&gt;", "**", "`", "print(1)", "x = '</execute>'", "f'{", "}", "(",
         ")", "def f():\n", "    ",
         "\t", "Thought: ", "\0", "\ud800", "\u2028", "\ufeff", "if x:\n", "<", ">", "EXECUTE", "<EXECUTE>",
         "python\n", "0" * 5000, "(" * 300,
         "-" * 3000, "%%bash\n", "!ls\n", "b'\\x", "\\N{", "1_", "0777", "match x:\n case", "await", "lambda:", ":=", "\x0c"]
    ),
    st.text(max_size=12),
    st.characters(codec=None).map(str),
)  # fmt: skip
_TURNS = st.lists(_PIECES, max_size=14).map("".join)
_FORMAT = CodeFormat()


def whole(kind: int, body: dict, blob: bytes = b"") -> bytes:
    """A frame of the guest's."""
    text = json.dumps(body).encode()
    return channel.HEADER.pack(kind, len(text), len(blob)) + text + blob


@st.composite
def bodies(draw: st.DrawFn) -> tuple[int, dict, bytes]:
    """Kind, body and binary parts of a frame that the decoder takes."""
    kind = draw(st.sampled_from([channel.READY, channel.DONE, channel.DISPLAY, channel.CHECKPOINTED]))
    parts = draw(st.lists(st.binary(max_size=12), max_size=3))
    body: dict = {"parts": [len(part) for part in parts]}
    if kind == channel.READY:
        body |= {"pid": draw(st.integers())}
    elif kind == channel.DISPLAY:
        body |= {"data": draw(_BUNDLES), "wait": draw(st.booleans())}
    elif kind == channel.CHECKPOINTED:
        body |= {"mark": draw(_TEXT), "pid": draw(st.none() | st.integers(2, 1 << 22)), "reason": draw(_TEXT)}
    else:
        body |= {"id": draw(st.integers(-(2**63), 2**63)), "status": draw(st.sampled_from(["ok", "error", "exit", "interrupted"]))}
        body |= draw(
            st.fixed_dictionaries({}, optional={"result": _BUNDLES, "error": st.lists(_TEXT, min_size=3, max_size=3), "mapped": _NAMES})
        )
    return kind, body, b"".join(parts)


_VALID = bodies().map(lambda parts: whole(*parts))


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    """The same bytes in pieces."""
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


def decode(data: bytes, cuts: list[int]) -> list | None:
    """All frames, with their bundles made as the session makes them; None for a `WireError`."""
    decoder, frames = channel.Decoder(), []
    try:
        for piece in split(data, cuts):
            for frame, parts in decoder.feed(piece):
                frames.append((frame, parts))
                bundle = frame.data if isinstance(frame, channel.Display) else frame.result if isinstance(frame, channel.Done) else None
                if bundle is not None:
                    channel.bundle(bundle, parts)
    except WireError:
        return None
    return frames


_CUTS = st.lists(st.integers(0, 10_000), max_size=5)
_SEEN: Counter[str] = Counter()


@given(st.binary(max_size=200), _CUTS)
def random_bytes(data: bytes, cuts: list[int]) -> None:
    """Noise."""
    _SEEN["refused" if decode(data, cuts) is None else "taken"] += 1


@given(bodies(), st.none() | _KINDS, st.dictionaries(_KEYS, _VALUES, max_size=3), st.sets(_KEYS, max_size=2), _CUTS)
def any_body(frame: tuple[int, dict, bytes], kind: int | None, changed: dict, gone: set[str], cuts: list[int]) -> None:
    """Valid JSON in a valid frame, but for a few fields changed, added or left out, or of another kind."""
    own, body, blob = frame
    body = {key: value for key, value in {**body, **changed}.items() if key not in gone}
    _SEEN["refused" if decode(whole(kind if kind is not None else own, body, blob), cuts) is None else "taken"] += 1


@given(st.sampled_from([16, 17, 18, 19]), st.binary(max_size=60) | st.text(max_size=60).map(str.encode), _CUTS)
def no_json(kind: int, text: bytes, cuts: list[int]) -> None:
    """A header that fits, around bytes that are no JSON, mostly."""
    _SEEN["refused" if decode(channel.HEADER.pack(kind, len(text), 0) + text, cuts) is None else "taken"] += 1


@given(st.lists(_VALID, min_size=1, max_size=4), _CUTS, st.randoms(use_true_random=False))
def mutated_frames(frames: list[bytes], cuts: list[int], chance: random.Random) -> None:
    """Valid frames with bytes changed, taken out, put in, or cut off."""
    data = bytearray(b"".join(frames))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0 if place < len(data):
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randrange(1, 9)]
            case 2:
                data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
            case _:
                del data[place:]
    _SEEN["refused" if decode(bytes(data), cuts) is None else "taken"] += 1


@given(st.lists(_VALID, min_size=1, max_size=4), _CUTS)
def valid_frames(frames: list[bytes], cuts: list[int]) -> None:
    """Valid frames, split anywhere: as many come out, the same as in one piece (a bundle whose parts do not fit is refused both times)."""
    data = b"".join(frames)
    pieces, at_once = decode(data, cuts), decode(data, [])
    assert pieces == at_once, (pieces, at_once)
    assert pieces is None or len(pieces) == len(frames)
    _SEEN["refused" if pieces is None else "taken"] += 1


@given(_TURNS)
def turns(text: str) -> None:
    """A model's turn made of tags, fences, quotes, code and noise: parsed, completed, asked whether it is finished."""
    _FORMAT.unfinished(text)
    completed = _FORMAT.complete(text)
    for each in {text, completed}:
        try:
            step = _FORMAT.parse(each)
        except FormatError as error:
            assert error.feedback
            _SEEN["refused"] += 1
        else:
            assert (step.code is None) != (step.answer is None), step
            _SEEN["taken"] += 1


TARGETS: dict[str, tuple[Callable, float]] = {
    "frames: random bytes": (random_bytes, 0.1),
    "frames: any JSON": (any_body, 0.2),
    "frames: no JSON": (no_json, 0.1),
    "frames: mutated": (mutated_frames, 0.2),
    "frames: valid, split": (valid_frames, 0.1),
    "turns of a model": (turns, 0.3),
}


def main() -> None:
    """Run all, print counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=120_000, help="inputs in all")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}\n{'':24} {'inputs':>8} {'taken':>8} {'refused':>8} {'s':>6}")
    total, began = 0, time.perf_counter()
    for name, (target, share) in TARGETS.items():
        _SEEN.clear()
        start = time.perf_counter()
        calm = settings(
            max_examples=max(1, int(wanted.examples * share)),
            database=None,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
            phases=[Phase.generate, Phase.shrink],
        )
        counted = calm(seed(wanted.seed)(target))
        counted()
        inputs = sum(_SEEN.values())
        total += inputs
        print(f"{name:24} {inputs:8} {_SEEN['taken']:8} {_SEEN['refused']:8} {time.perf_counter() - start:6.1f}", flush=True)
    print(f"{'all':24} {total:8} {'':17} {time.perf_counter() - began:6.1f}")


if __name__ == "__main__":
    main()
