"""Files of sessions: written at any path inside, read, and never outside."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from codeact import events
from server.held import Held, held

BAD = (
    "..%2Fa.txt",
    "%2Fetc%2Fpasswd",
    "a/..%2F..%2Fb.txt",
    "a%00b",
    "..%5Ca.txt",
    "a%5Cb.txt",
    "C:%5Ca.txt",
    "%2E%2E",
    "x" * 300,
)


NAMES = ("a\nb.txt", 'é "x".csv', "a;b", "%2e%2e", "..%2f", "a\r\nSet-Cookie: x=1", "end\n")


def named(disposition: str) -> str:
    """The name in a header of an answer, which has two: one in ASCII, and the whole one."""
    found = re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._ -]+\"; filename\*=UTF-8''([A-Za-z0-9._~%-]+)", disposition)
    assert found is not None, disposition
    return unquote(found[1])


@pytest.fixture(name="up", params=["strict", "process"])
async def up_(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Held]:
    async with held(str(tmp_path / "runs.db"), isolation=request.param) as up:
        yield up


async def test_a_file_is_written_with_the_folders_on_its_way_and_replaced(up: Held) -> None:
    one = await up.made()
    assert await one.put("a.txt", b"one") == {"path": "a.txt", "size": 3}
    assert await one.put("deep/er/b c.bin", bytes(range(256))) == {"path": "deep/er/b c.bin", "size": 256}
    assert await one.files() == {"a.txt": 3, "deep/er/b c.bin": 256}
    for content in (b"two", b"", b"three"):
        await one.put("a.txt", content)
        await one.put("deep/er/b c.bin", content)
        assert await one.get("a.txt") == await one.get("deep/er/b c.bin") == content
    assert (await one.run("sorted(__import__('os').listdir('.'))")).result == "['a.txt', 'deep']"
    record = await up.store.read(one.id)
    given = record.of_type(events.TaskGiven)[0]
    assert (given.text, given.files, given.digests) == ("", ("a.txt",), (hashlib.sha256(b"one").hexdigest(),))
    assert await up.store.file(given.digests[0]) == b"one"


async def test_a_file_is_written_where_it_belongs_wherever_the_code_went(up: Held) -> None:
    one = await up.made()
    await one.run("import os; os.mkdir('far'); os.chdir('far')")
    await one.put("far/a.txt", b"one")
    assert await one.get("far/a.txt") == b"one"
    assert (await one.run("open('a.txt').read()")).result == "'one'"


async def test_a_file_leaves_no_name_in_the_interpreter(up: Held) -> None:
    one = await up.made()
    await one.run("before = set(dir())")
    await one.put("a/b.txt", b"one")
    assert (await one.run("{name for name in set(dir()) - before if not name.startswith('_')}")).result == "{'before'}"


@pytest.mark.parametrize("path", BAD)
async def test_a_path_that_leads_outside_is_refused(path: str, tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db")) as up:
        one = await up.made()
        assert "is not a path inside the workspace" in await one.refused("PUT", f"/files/{path}", 400, content=b"x")
        await one.refused("GET", f"/files/{path}", 400)
        assert await one.files() == {}


async def test_links_of_the_code_lead_nowhere(up: Held, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("mine")
    one = await up.made()
    await one.run(f"import os; os.symlink({str(outside)!r}, 'way'); os.symlink({str(outside / 'a.txt')!r}, 'link'); os.symlink('x', 'to')")
    for path in ("way/a.txt", "way/new/b.txt", "link", "to"):
        assert "link" in await one.refused("PUT", f"/files/{path}", 400, content=b"theirs")
        await one.refused("GET", f"/files/{path}", 400)
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("a.txt", "mine")]
    assert await one.files() == {}


async def test_code_that_keeps_a_file_from_being_written_is_told_of(up: Held) -> None:
    one = await up.made()
    await one.run("import os; os.replace = lambda *_: None")
    await one.put("a.txt", b"one")
    for path in ("a.txt", "in/b.txt"):
        await one.refused("PUT", f"/files/{path}", 400, content=b"two")
    assert await one.get("a.txt") == b"one"


async def test_files_wait_for_the_action_that_runs(up: Held) -> None:
    one = await up.made()
    running = asyncio.ensure_future(one.run("import time; time.sleep(0.5); open('a.txt', 'w').write('one')"))
    await one.until("busy", actions=1)
    assert await one.files() == {"a.txt": 3}
    assert running.done() or (await running).status == "ok"
    running = asyncio.ensure_future(one.run("import time; time.sleep(0.5); open('a.txt', 'w').write('one')"))
    await one.until("busy", actions=2)
    await one.put("a.txt", b"two")
    assert (await running).status == "ok"
    assert await one.get("a.txt") == b"two"


async def test_a_file_that_cannot_be_written_is_told_of_and_is_not_put_there_by_a_waking(up: Held) -> None:
    one = await up.made()
    await one.put("a.txt", b"one")
    await one.run("import os; os.makedirs('folder/inner')")
    for path in ("a.txt/b.txt", "folder", "folder/inner"):
        assert "cannot be written" in await one.refused("PUT", f"/files/{path}", 400, content=b"x")
    await one.run("os.rmdir('folder/inner')")
    await one.sleeps()
    assert await one.files() == {"a.txt": 3}
    assert (await one.run("1")).notice == ""


async def test_a_download_is_never_a_page(up: Held) -> None:
    one = await up.made()
    await one.put("a/page.html", b"<script>alert(1)</script>")
    answer = await up.http.get(f"/api/v1/sessions/{one.id}/files/a/page.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_file_that_is_not_there_is_not_found_and_the_nearest_name_is_told(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db")) as up:
        one = await up.made()
        assert "and none with a name like it" in await one.refused("GET", "/files/none.txt", 404)
        await one.put("data/prices.csv", b"1")
        assert "the nearest name is 'data/prices.csv'" in await one.refused("GET", "/files/Prices.csv", 404)
        assert "the nearest name is 'data/prices.csv'" in await one.refused("GET", "/files/data/price.csv", 404)
        assert "is not a regular file" in await one.refused("GET", "/files/data", 400)


async def test_a_file_of_any_name_is_written_and_read(up: Held) -> None:
    one = await up.made()
    for name in NAMES:
        assert (await one.put(quote(name, safe=""), name.encode()))["path"] == name
    assert await one.files() == {name: len(name.encode()) for name in NAMES}
    for name in NAMES:
        answer = await up.http.get(f"/api/v1/sessions/{one.id}/files/{quote(name, safe='')}")
        assert answer.content == name.encode()
        assert named(answer.headers["content-disposition"]) == name


async def test_a_large_file_comes_through_and_one_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with held(str(tmp_path / "runs.db")) as up:
        one = await up.made()
        large = b"0123456789abcdef" * (4 << 20)
        for path in ("large.bin", "in/large.bin"):
            assert await one.put(path, large) == {"path": path, "size": 64 << 20}
            assert hashlib.sha256(await one.get(path)).digest() == hashlib.sha256(large).digest()
        sent = []

        async def body() -> AsyncIterator[bytes]:
            for _ in range(100):
                sent.append(1)
                yield large[: 1 << 20]

        told = await one.ask("PUT", "/files/more.bin", 413, content=body(), headers={"Content-Length": str(100 << 20)})
        assert (told["error"]["code"], sent) == ("too_large", [])
        await one.ask("PUT", "/files/more.bin", 413, content=body())
        assert len(sent) == 65
        assert set(await one.files()) == {"large.bin", "in/large.bin"}


async def test_an_undone_action_takes_the_files_that_came_after_it_along(up: Held) -> None:
    one = await up.made()
    await one.put("before/a.txt", b"one")
    await one.run("x = 1")
    await one.run("x = 2")
    await one.put("a.txt", b"one")
    await one.put("a.txt", b"two")
    await one.put("after/b.txt", b"two")
    await one.back()
    assert await one.files() == {"before/a.txt": 3}
    assert (await one.run("x")).result == "1"
