"""What clients, models and guests may write: names that lead elsewhere, JSON that is none, files that grow, forged events."""

import asyncio
import gzip
import io
import json
import re
import string
import zipfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.hostile.wire import BODIES, Route, is_fault, kept_routes, said
from server.serving import Served, script, served

pytestmark = pytest.mark.slow

SECRET = "what no client may read"

FORGED = '\n\nevent: end\ndata: {"state": "forged"}\n\n'
_PLAIN = string.ascii_letters + string.digits + "_.-~"
BREAKS = ("\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\0", "\x1b")
EVIL = FORGED + "".join(f'{end}{end}event: end{end}data: {{"state": "forged"}}{end}{end}' for end in BREAKS)

NAMES = [
    *("..", "../runs.db", "../../etc/passwd", "/etc/passwd", "//etc/passwd", "./../runs.db", "a/../../runs.db", "..\\runs.db"),
    *("%2e%2e/runs.db", "%2e%2e%2fruns.db", "..%2fruns.db", "%252e%252e%252fruns.db", "..%5cruns.db", "%2fetc%2fpasswd", "..;/runs.db"),
    *("%00", "in.txt%00.png", "a%0d%0aSet-Cookie:%20x=1", "%ff%fe", "%c0%ae%c0%ae/runs.db", "%ed%a0%80", "%u002e", "C:%5Cruns.db", "%"),
    *("x" * 300, "a/" * 2000 + "b", "%F0%9F%90%8D", "%E2%80%AEtxt.exe", ".", "%20", "*", "?", "~root", "$HOME", "-rf", "con", "a%3Ab"),
    *("proc/self/environ", "/proc/self/environ", "/dev/zero", "/dev/stdin", "'; DROP TABLE runs; --", "{run_id}", "%7b0%7d", "9" * 5000),
]


@pytest.fixture(name="up")
async def up_(tmp_path: Path) -> AsyncIterator[Served]:
    (tmp_path / "secret.txt").write_text(SECRET)
    async with served(str(tmp_path / "runs.db"), script(tmp_path)) as up:
        yield up


@pytest.fixture(name="quick")
async def quick_(tmp_path: Path) -> AsyncIterator[Served]:
    """A server whose model answers at once."""
    async with served(str(tmp_path / "runs.db"), script(tmp_path, ["<solution>2</solution>"])) as up:
        yield up


async def ids_of(up: Served) -> dict[str, str]:
    """A run, its response and a session."""
    told = (await up.http.post("/v1/responses", json={"input": "add"})).json()
    session = (await up.http.post("/api/v1/sessions")).json()["id"]
    return {"response_id": told["id"], "run_id": told["codeact"]["run_id"], "session_id": session}


async def test_a_name_in_a_path_leads_nowhere_else_and_is_never_a_failure_of_the_server(up: Served) -> None:
    ids = await ids_of(up)
    named = [route for route in kept_routes() if "{" in route.path and not route.path.endswith("stream")]
    for route in named:
        last = route.path.rpartition("{")[2].partition("}")[0].partition(":")[0]
        for name in NAMES:
            method, path = route.to(**{**ids, last: name})
            body = route.more.get("content") or (json.dumps(route.more["json"]).encode() if route.more else b"")
            status, answer = await said(
                up.url, path.replace(" ", "%20"), method, ["Content-Type: application/json", "Connection: close"], body
            )
            assert status < 500, (route, name)
            assert SECRET.encode() not in answer and b"root:" not in answer, (route, name)


async def test_a_name_cannot_leave_the_workspace_by_a_link(up: Served, tmp_path: Path) -> None:
    ids = await ids_of(up)
    at = f"/api/v1/sessions/{ids['session_id']}"
    code = f"import os\nos.symlink({str(tmp_path)!r}, 'out')\nos.symlink({str(tmp_path / 'secret.txt')!r}, 'file')\nos.mkfifo('pipe')"
    assert (await up.http.post(f"{at}/run", json={"code": code})).json()["status"] == "ok"
    for name in ("out/secret.txt", "file", "pipe", "out", ""):
        answer = await asyncio.wait_for(up.http.get(f"{at}/files/{name}"), 30)
        assert 400 <= answer.status_code < 500, name
    for name in ("out/secret.txt", "file"):
        await up.http.put(f"{at}/files/{name}", content=b"over")
    assert (tmp_path / "secret.txt").read_text() == SECRET


async def test_what_unpacks_to_more_is_kept_as_the_bytes_that_it_is(up: Served) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * (32 << 20))
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0" + zlib.compress(b"\0" * (8 << 20))
    session = (await up.http.post("/api/v1/sessions")).json()["id"]
    for name, content in (("a.zip", bomb.getvalue()), ("a.gz", gzip.compress(b"\0" * (32 << 20))), ("a.png", picture)):
        for encoding in ({}, {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}):
            told = (await up.http.put(f"/api/v1/files/{name}", content=content, headers=encoding)).json()
            assert told["size"] == len(content)
            path = f"/api/v1/sessions/{session}/files/{name}"
            assert (await up.http.put(path, content=content, headers=encoding)).json()["size"] == len(content)
            assert (await up.http.get(path)).content == content
    packed = gzip.compress(json.dumps({"task": "add"}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert (await up.http.post("/api/v1/runs", content=packed, headers=headers)).status_code in (400, 422)


async def test_names_that_a_guest_gives_its_files_stay_names(up: Served) -> None:
    session = (await up.http.post("/api/v1/sessions")).json()["id"]
    at = f"/api/v1/sessions/{session}"
    names = [
        "a\r\nSet-Cookie: x=1\r\n\r\nbody",
        'a"; filename="b.html',
        "a\u2028b",
        "\u202egpj.exe",
        "é.txt",
        "<script>",
        "a;b",
        "%0d%0a",
        "...",
    ]
    code = f"for name in {names!r}: open(name, 'w').write('x')\nopen(b'half\\xff', 'wb').write(b'x')\nopen('lone\\udc80', 'w').write('x')"
    ran = await up.http.post(f"{at}/run", json={"code": code})
    assert (ran.status_code, ran.json()["status"]) == (200, "ok"), ran.text
    listed = await up.http.get(f"{at}/files")
    assert (listed.status_code, len(listed.json()["files"])) == (200, len(names) + 2)
    for name in names:
        path = httpx.URL(f"{up.url}{at}/files/").copy_with(raw_path=f"{at}/files/{quoted(name)}".encode())
        answer = await up.http.get(path)
        assert (answer.status_code, answer.content, answer.headers.get("set-cookie")) == (200, b"x", None), name
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        plain, whole = answer.headers["content-disposition"].split("; filename*=")
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._ -]+"', plain)
        assert whole == f"UTF-8''{quoted(name)}"


def quoted(name: str) -> str:
    """A name in a path, every byte of it that is no letter or digit."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in name.encode())


def frames(text: str) -> list[dict[str, str]]:
    """Events of a stream, as the most liberal client would read them: every kind of line end ends a line."""
    found: list[dict[str, str]] = [{}]
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        if line:
            assert name in ("id", "event", "data", ""), line
            assert name not in found[-1], line
            found[-1][name] = value
        elif found[-1]:
            found.append({})
    return [frame for frame in found if "data" in frame]


async def test_nothing_that_models_and_guests_write_ends_or_forges_an_event(tmp_path: Path) -> None:
    code = f"import sys\nevil = {EVIL!r}\nprint(evil)\nsys.stderr.write(evil)\nopen('a\\r\\n\\r\\nevent: end', 'w').write('x')\nevil"
    half = "print('\\ud800', chr(0xd800).encode('utf-8', 'surrogatepass'))\nraise ValueError(chr(0xd800))"
    turns = [f"{EVIL}<execute>\n{code}\n</execute>", f"<execute>\n{half}\n</execute>", f"<solution>{EVIL}</solution>"]
    async with served(str(tmp_path / "runs.db"), script(tmp_path, turns)) as up:
        run = await up.run(f"add{EVIL}")
        read = frames((await up.http.get(f"/api/v1/runs/{run['id']}/stream")).text)
        kinds = [frame["event"] for frame in read]
        assert (kinds[-2:], kinds.count("end"), kinds.count("run_ended")) == (["run_ended", "end"], 1, 1)
        assert [json.loads(frame["data"]).get("type", "end") for frame in read] == kinds
        assert json.loads(read[-1]["data"]) == {"state": "answered"}
        for path, body in (("/v1/responses", {"input": EVIL}), ("/v1/chat/completions", {"messages": [{"role": "user", "content": EVIL}]})):
            answer = await up.http.post(path, json={**body, "stream": True})
            for frame in frames(answer.text):
                assert frame["data"] == "[DONE]" or frame.get("event", "") == json.loads(frame["data"]).get("type", "")
            assert (await up.http.post(path, json=body)).status_code == 200
        for to in ("jsonl", "md", "ipynb", "chat"):
            assert (await up.http.get(f"/api/v1/runs/{run['id']}/export", params={"to": to})).status_code == 200
        for path in ("", "/events", "/files"):
            assert (await up.http.get(f"/api/v1/runs/{run['id']}{path}")).status_code == 200
        assert (await up.http.get("/api/v1/runs", params={"search": "add"})).json()["runs"][0]["title"].splitlines()[0] == "add"


async def test_nothing_that_a_session_writes_ends_or_forges_an_event(up: Served) -> None:
    session = (await up.http.post("/api/v1/sessions")).json()["id"]
    code = f"evil = {EVIL!r}\nprint(evil)\nevil"
    answer = await up.http.post(f"/api/v1/sessions/{session}/run", json={"code": code, "stream": True})
    kinds = [frame["event"] for frame in frames(answer.text)]
    assert (set(kinds), kinds[-1]) == ({"stream_chunk", "observation"}, "observation")


LARGE = ("/api/v1/runs", "/v1/chat/completions", "/v1/responses")
"""Routes that take the most: all of the bodies go there, and some to the others."""


def bodies(known: dict[str, Any]) -> list[bytes]:
    """Bodies that are wrong in many ways, made of a right one."""
    field = next(iter(known), "limits")
    found = [b"", b"{", b"null", b"[]", b"1", b'"x"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"\0", b"{}{}", b"[" * 100_000, b'{"a":' * 100_000]
    found += [
        f'{{"{field}": {value}}}'.encode()
        for value in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "-0", "true", "[[]]", '{"":{}}')
    ]
    found += [f'{{"{field}": {"[" * deep}{"]" * deep}}}'.encode() for deep in (100, 500, 900, 990)]
    found += [json.dumps({**known, name: 1}).encode() for name in ("\ud800", "\0", "__proto__", "x" * 10_000, EVIL)]
    found += [json.dumps({**known, field: text}).encode() for text in ("\ud800", "a\ud800b", "\0")]
    return [*found, (json.dumps(known)[:-1] + f', "{field}": 5, "{field}": {{}}}}').encode(), json.dumps(known).encode("utf-16")]


async def test_no_body_that_is_no_request_is_a_failure_of_the_server(quick: Served) -> None:
    ids = await ids_of(quick)
    for path, known in BODIES.items():
        method, target = Route("POST", path).to(**ids)
        for body in bodies(known)[:: 1 if path in LARGE else 4]:
            answer = await quick.http.request(method, target, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code < 500, (path, body[:80], answer.text)
            assert answer.is_success or is_fault(answer), (path, body[:80])
        for kind in (
            "application/json; charset=utf-16",
            "application/vnd.api+json",
            "image/png",
            "\x7f",
            "application/json, text/plain",
            "a" * 9000,
        ):
            answer = await quick.http.request(method, target, content=b"{}", headers={"Content-Type": kind})
            assert answer.status_code < 500, (path, kind)


@pytest.mark.slow
@pytest.mark.parametrize("value", ["1e308", "-1", "0", "NaN", "Infinity", "1" + "0" * 400, "1" + "0" * 4000, "1e-320", "-0.0"])
async def test_no_number_is_a_failure_of_the_server(value: str, quick: Served) -> None:
    fields = [
        "temperature",
        "seed",
        "max_tokens",
        *(f"limits.{name}" for name in ("turns", "tokens", "seconds", "cost", "action_seconds", "memory_mb")),
    ]
    for field in fields:
        outer, _, inner = field.partition(".")
        told = f'{{"{inner}": {value}}}' if inner else value
        await posted(quick, "/api/v1/runs", f'{{"task": "add", "{outer}": {told}}}')
    for field in ("temperature", "seed", "max_tokens", "max_completion_tokens", "n", "top_logprobs"):
        await posted(quick, "/v1/chat/completions", f'{{"messages": [{{"role": "user", "content": "add"}}], "{field}": {value}}}')
    for field in ("temperature", "max_output_tokens", "top_logprobs"):
        await posted(quick, "/v1/responses", f'{{"input": "add", "{field}": {value}}}')
    for query in ("after", "limit", "cursor", "starting_after"):
        for path in ("/api/v1/runs", "/api/v1/runs/x/events", "/v1/responses/resp_x_1"):
            assert (await quick.http.get(path, params={query: value})).status_code < 500


async def posted(up: Served, path: str, body: str) -> None:
    """Send a body; whatever it begins ends, too."""
    answer = await up.http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, (path, body[:80], answer.text)
    if answer.status_code == 201:
        shown = await up.ended(answer.json()["id"])
        assert shown["state"] in ("answered", "limit"), (body[:80], shown["reason"])
        assert (await up.http.get(f"/api/v1/runs/{shown['id']}/events")).status_code == 200


@pytest.mark.slow
async def test_no_query_is_a_failure_of_the_server_on_either_database(address: str, tmp_path: Path) -> None:
    async with served(address, script(tmp_path, ["<solution>2</solution>"])) as up:
        await up.ended((await up.run())["id"])
        for value in ("\0", "%", "'", "\\", "_" * 200, "nan:x", "inf:x", "-inf:\0", "1:\0", "1e999:", ":", "🐍", EVIL[:199]):
            for query in ("state", "search", "cursor"):
                assert (await up.http.get("/api/v1/runs", params={query: value})).status_code < 500, (query, value)
            for path in ("/api/v1/runs/", "/api/v1/sessions/", "/v1/responses/resp_", "/v1/models/"):
                assert (await up.http.get(f"{path}{quoted(value)}")).status_code in (404, 405), (path, value)
            headers = [(b"Idempotency-Key", value.replace("\0", "").encode()), (b"Content-Type", b"application/json")]
            if value.isprintable():
                assert (await up.http.post("/api/v1/runs", content=b'{"task": "add"}', headers=headers)).status_code < 500
