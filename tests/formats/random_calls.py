"""Random calls for round trips: any text, any JSON values, names that Python takes and names that it does not."""

import keyword

from hypothesis import strategies as st

from codeact.protocols import Call

AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "it's",
        'say "hi"',
        "a, b",
        "f(x)",
        "{'a': 1}",
        '{"tool": "f"}',
        "['x', 'y']",
        "line\nbreak",
        "\r\n\t\0",
        "\\d+\\",
        "'''",
        '"""',
        "\nOutput: 1",
        "\nAction: f(1)",
        "\nAnswer: 2",
        "</execute>",
        "<solution>1</solution>",
        "```",
        "<think>x</think>",
        "\ud83d",
        "😀",
        "“curly”",
        "naïve ✕ 日本",
        "null",
        "# no comment",
        "// no comment",
        ",]",
    ]
)
TEXTS = AWKWARD | st.text(max_size=12)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
NAMES = st.builds(str.__add__, st.sampled_from(LETTERS), st.text(LETTERS + "0123456789", max_size=10)).filter(
    lambda name: not keyword.iskeyword(name) and name.lower() not in ("final_answer", "finalanswer")
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
KEYS = NAMES | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)
CALLS = st.builds(
    lambda tool, args, kwargs: Call(tool, tuple(args), kwargs),
    NAMES,
    st.lists(VALUES, max_size=3),
    st.dictionaries(KEYS, VALUES, max_size=3),
)
