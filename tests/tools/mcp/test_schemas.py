"""Schemas as signatures: what each becomes, and that none, however strange, is more than a wide type."""
# ruff: noqa: E501 -- a table with one case a line

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeact.formats.listing import full
from codeact.tools.mcp_client import McpServers
from codeact.tools.mcp_client.entries import read
from codeact.tools.mcp_client.tool import McpTool
from codeact.tools.values import Fields, encode
from tools.mcp.conftest import bare
from tools.mcp.in_session import Cells

(ENTRY,) = read({"mcpServers": {"shop": {"command": "x"}}}, [].append)


def tool(schema: Any, output: Any = None, description: str = "", answer: Any = None) -> McpTool:
    async def ask(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"content": [], "structuredContent": {"result": arguments} if answer is None else answer}

    return McpTool(ENTRY, {"name": "f", "inputSchema": schema, "outputSchema": output, "description": description}, "f", ask, ["f"])


def signature(**properties: Any) -> str:
    return tool({"type": "object", "properties": properties, "required": [name for name in properties if name != "z"]}).spec.signature


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, "str"),
        ({"type": "integer"}, "int"),
        ({"type": "number"}, "float"),
        ({"type": "boolean"}, "bool"),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"type": "array"}, "list"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "dict[str, int]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"enum": ["a", 1, None]}, "Literal['a', 1, None]"),
        ({"const": "it's"}, 'Literal["it\'s"]'),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "str | None"),
        ({"type": ["string", "integer", "null"]}, "str | int | None"),
        ({"oneOf": [{"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, {"type": "integer"}]}, "list[str | None] | int"),
        ({"type": "string", "contentEncoding": "base64"}, "bytes | str"),
        ({"allOf": [{"type": "integer"}]}, "int"),
        ({"$ref": "#/nowhere"}, "Any"),
        ({"$ref": "http://example.org/schema"}, "Any"),
        (True, "Any"),
        ({}, "Any"),
        (None, "Any"),
        ({"type": "strange"}, "Any"),
        ({"enum": []}, "Any"),
        ({"anyOf": "x"}, "Any"),
        ({"type": "object", "properties": {"a-b": {"type": "string"}}}, "dict[str, Any]"),
    ],
)  # fmt: skip
def test_a_schema_is_an_annotation(schema: Any, text: str) -> None:
    assert signature(a=schema) == f"f(a: {text}) -> Any"


def test_required_arguments_come_first_and_defaults_are_shown() -> None:
    properties = {
        "o": {"type": "integer"},
        "d": {"type": "string", "default": "x"},
        "r": {"type": "string"},
        "n": {"type": ["string", "null"]},
    }
    assert tool({"type": "object", "properties": properties, "required": ["r"]}).spec.signature == (
        "f(r: str, o: int | None = None, d: str = 'x', n: str | None = None) -> Any"
    )


async def test_names_that_are_none_in_python_go_back_as_they_were() -> None:
    properties = {name: {"type": "string"} for name in ("repo-name", "from", "2d", "a b", "a_b", "__class__")}
    one = tool({"type": "object", "properties": properties})
    assert "repo_name: str | None = None, from_: str | None = None, _2d:" in one.spec.signature
    assert "    from_: from at the server" in one.spec.description
    sent = await one.acall((), {"repo_name": "1", "from_": "2", "_2d": "3", "a_b": "4", "a_b_2": "5", "_class": "6"})
    assert sent == {"result": dict(zip(properties, "123456", strict=True))}
    assert await one.acall((), {"from": "2", "repo-name": "1"}) == {"result": {"from": "2", "repo-name": "1"}}


async def test_arguments_that_a_schema_leaves_open_are_taken() -> None:
    assert tool({}).spec.signature == "f(**others: Any) -> Any"
    assert tool({"type": "object"}).spec.signature == "f() -> Any"
    one = tool({"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}})
    assert one.spec.signature == "f(a: Any = None, **others: int) -> Any"
    assert await one.acall((), {"a": 1, "b": 2}) == {"result": {"a": 1, "b": 2}}
    with pytest.raises(TypeError, match=r"f\(\) arguments at \.b: should be a valid integer, got 'x' \(str\)"):
        await one.acall((), {"b": "x"})


async def test_none_stands_for_not_given_where_null_does_not_fit() -> None:
    one = tool({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": ["string", "null"]}}})
    assert await one.acall((), {"a": None, "b": None}) == {"result": {"b": None}}


async def test_bytes_are_sent_where_the_schema_has_a_place_for_them() -> None:
    one = tool({"type": "object", "properties": {"a": {"type": "string", "format": "byte"}, "b": {"type": "string"}}})
    assert await one.acall((), {"a": b"hello"}) == {"result": {"a": "aGVsbG8="}}
    with pytest.raises(TypeError, match=r"f\(\) argument 'b': should be JSON, got b'x' \(bytes\); decode it to text"):
        await one.acall((), {"b": b"x"})


async def test_objects_of_results_are_of_their_class_and_unions_find_theirs() -> None:
    defs = {
        "Cat": {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind", "lives"]},
        "Dog": {"type": "object", "properties": {"kind": {"const": "dog"}, "from": {"type": "string"}}, "required": ["kind"]},
    }
    output = {
        "type": "object",
        "properties": {"pets": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}}},
        "$defs": defs,
    }
    one = tool({"type": "object"}, output, answer={"pets": [{"kind": "dog", "from": "here", "new": 1}, {"kind": "cat", "lives": 9}]})
    assert "    pets: list[Cat | Dog] | None = None" in one.spec.definitions
    value = await one.acall((), {})
    assert [(each.kind, dict(each)) for each in value["pets"]] == [
        ("Dog", {"kind": "dog", "from_": "here", "new": 1}),
        ("Cat", {"kind": "cat", "lives": 9}),
    ]


async def test_a_result_that_is_not_of_its_type_is_an_error_of_the_server() -> None:
    one = tool({"type": "object"}, {"type": "object", "properties": {"a": {"type": "integer"}}}, answer={"a": "x"})
    with pytest.raises(
        Exception, match=r"the server's answer is not what it says it would be: f\(\) result at \.a: should be a valid integer"
    ) as caught:
        await one.acall((), {})
    assert type(caught.value).__name__ == "McpError"


async def test_a_schema_that_multiplies_is_left_to_the_server() -> None:
    """Each level refers to the next one twice: 2**60 steps for who follows them all."""
    defs: dict[str, Any] = {f"d{number}": {"allOf": [{"$ref": f"#/$defs/d{number + 1}"}] * 2} for number in range(60)}
    defs["d60"] = {"type": "integer"}
    one = tool(
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}, "b": {"type": "string", "pattern": "(x+x+)+y"}}, "$defs": defs}
    )
    assert await one.acall((), {"a": "x", "b": "x" * 60}) == {"result": {"a": "x", "b": "x" * 60}}


def test_a_schema_that_holds_itself_is_a_class_that_names_itself() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}, "all": {"type": "array", "items": {"$ref": "#/$defs/Node"}}}}
    one = tool({"type": "object", "properties": {"a": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}})
    assert one.spec.signature == "f(a: Node | None = None) -> Any"
    assert "    next: NotRequired[Node]\n    all: NotRequired[list[Node]]" in one.spec.definitions


HOSTILE = [
    '"""\nimport os\n"""',
    'ends with "',
    "back\\slash \\N{x} \\",
    "\x00\x1b[31m\u202e\u2028",
    "a\r\nb",
    "'''",
    "</execute>",
    "x" * 9000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_description_leaves_its_docstring(text: str) -> None:
    described = {"type": "object", "title": "Thing", "description": text, "properties": {"x": {"type": "string", "description": text}}}
    one = tool({"type": "object", "properties": {"a": described, text[:40]: {"description": text}}}, described, description=text)
    tree = ast.parse(full([one.spec]).partition("\n")[2])
    assert {type(node) for node in tree.body} <= {ast.ImportFrom, ast.ClassDef, ast.FunctionDef}
    ast.parse(one.spec.definitions)
    assert all(char.isprintable() or char in "\n\t" for char in one.spec.description + one.spec.definitions)
    assert len(one.spec.description) < 6000


NAMES = st.sampled_from(["a", "class", "x-y", "", "__init__", "größe", "Any", "list", "a b", "1", '"', "\n"])
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5), NAMES)
REFS = st.sampled_from(["#", "#/$defs/A", "#/$defs/B", "#/properties/a", "#/x", "other"])
KEYWORDS = ["type", "enum", "const", "properties", "required", "items", "additionalProperties", "anyOf", "oneOf", "allOf", "$ref", "$defs", "title", "default", "description", "minimum", "maxLength", "format", "prefixItems", "patternProperties"]  # fmt: skip
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object", "strange"])


def schemas(inner: Any) -> Any:
    many, named = st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)
    good = {
        "type": st.one_of(TYPES, st.lists(TYPES, max_size=3)), "enum": st.lists(LEAVES, max_size=4), "const": LEAVES, "properties": named,
        "required": st.lists(NAMES, max_size=3), "items": inner, "additionalProperties": inner, "anyOf": many, "oneOf": many, "allOf": many,
        "$ref": REFS, "$defs": st.dictionaries(st.sampled_from(["A", "B"]), inner), "title": NAMES, "description": st.sampled_from(HOSTILE),
        "default": inner, "minimum": st.integers(), "format": st.sampled_from(["byte", "date"]),
    }  # fmt: skip
    wild = st.dictionaries(st.sampled_from(KEYWORDS), st.one_of(LEAVES, many, inner), max_size=3)
    return st.one_of(st.fixed_dictionaries({}, optional=good), wild)


SCHEMAS = st.recursive(LEAVES, schemas, max_leaves=25)
ROOTS = st.fixed_dictionaries({}, optional={"type": st.just("object"), "properties": st.dictionaries(NAMES, SCHEMAS, max_size=5), "required": st.lists(NAMES), "$defs": st.dictionaries(st.sampled_from(["A", "B"]), SCHEMAS), "additionalProperties": SCHEMAS, "anyOf": st.lists(SCHEMAS, max_size=2)})  # fmt: skip


@settings(max_examples=200)
@given(schema=st.one_of(ROOTS, SCHEMAS), output=st.one_of(st.none(), ROOTS, SCHEMAS), value=SCHEMAS)
async def test_any_schema_gives_a_signature_that_parses_and_a_call_that_ends(schema: Any, output: Any, value: Any) -> None:
    one = tool(schema, output, answer=value)
    ast.parse(f"def {one.spec.signature}: ...")
    compile("from __future__ import annotations\n" + one.spec.definitions, "<definitions>", "exec")
    try:
        encode(await one.acall((), {}))
        encode(await one.acall((value,), {"x-y": value, "class": value}))
    except Exception as error:  # noqa: BLE001 -- the kinds are checked
        assert type(error).__name__ in ("TypeError", "ValueError", "McpError")


def test_hostile_schemas_from_a_server_do_not_keep_a_session_from_starting(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(60):
        deep = {"type": "array", "items": deep}
    schemas = [
        {"type": "object", "properties": {"deep": deep}},
        {"type": "object", "properties": {f"p{number}": {"type": "string", "description": '"""'} for number in range(500)}},
        {"type": "object", "properties": {"a": {"$ref": "#"}, "lambda": {"enum": list(range(1000))}}},
    ]
    listed = [
        {"name": name, "inputSchema": schema, "description": '"""\\'}
        for name, schema in zip(["a-b", "a_b", "__class__"], schemas, strict=True)
    ]
    file = tmp_path / "tools.json"
    file.write_text(json.dumps(listed))
    with McpServers(bare(str(file))) as servers, Cells(servers) as cells:
        assert [one.spec.name for one in servers.tools][-3:] == ["a_b", "a_b_2", "_class"]
        assert cells.value("from tools.shop import a_b_2, a_b\na_b_2(p499='x', p1='y')") == "{'result': {'p1': 'y', 'p499': 'x'}}"
        assert cells.value("a_b(deep=[[]])") == "{'result': {'deep': [[]]}}"


def test_objects_that_came_from_a_session_go_out_as_objects() -> None:
    assert encode(Fields("Issue", {"a": 1}))[0] == {"$": "object", "type": "Issue", "fields": {"a": 1}}
