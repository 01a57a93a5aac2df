"""What comes before a route: foreign pages and names, bodies too large or too slow, clients that do nothing, requests that are none."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from codeact.server.api.guard import MOST_FILE, MOST_JSON
from server.hostile.wire import Line, all_routes, head, is_fault, line, said
from server.serving import ADD, Served, script, served

pytestmark = pytest.mark.slow

JSON = "Content-Type: application/json"
CHUNKED = "Transfer-Encoding: chunked"
PATIENCE = 0.5
LARGE = 8 << 20


@pytest.fixture(name="hasty")
async def hasty_(tmp_path: Path) -> AsyncIterator[Served]:
    """A server that waits for no client for long; its model answers at length."""
    answer = f"<solution>{'x' * LARGE}</solution>"
    async with served(str(tmp_path / "runs.db"), script(tmp_path, [answer]), patience=PATIENCE) as up:
        yield up


async def begun(up: Served) -> int:
    """How many runs and sessions there are."""
    return sum([len((await up.http.get(f"/api/v1/{kind}")).json()[kind]) for kind in ("runs", "sessions")])


async def test_a_name_of_another_site_that_leads_here_is_refused(served: Served) -> None:
    port = httpx.URL(served.url).port
    taken = ["127.0.0.1", f"127.0.0.1:{port}", "localhost", f"LOCALHOST:{port}", f"[::1]:{port}", "localhost:1"]
    refused = [
        "attacker.example",
        f"attacker.example:{port}",
        "localhost.attacker.example",
        "127.0.0.1.nip.io",
        "localhost@attacker.example",
    ]
    refused += [
        "attacker.example@localhost",
        "localhost:80@attacker.example",
        "[::1].attacker.example",
        "[::1",
        "::1",
        "0.0.0.0",
        "localhost.",
    ]
    refused += ["localhost:8765:80", "localhost:x", "127.1", "2130706433", "[::ffff:127.0.0.1]", "local\thost", "lócalhost", "", ","]
    for hosts, status in ((taken, 200), (refused, 403)):
        for host in hosts:
            answer = await served.http.get("/health", headers=[(b"Host", host.encode())])
            assert (answer.status_code, answer.is_success or is_fault(answer)) == (status, True), host
    async with line(served.url) as one:
        await one.send("GET /health HTTP/1.0\r\n\r\n")
        assert (await one.answer())[0] == 403
    async with line(served.url) as one:
        await one.send("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n\r\n")
        assert (await one.answer())[0] in (400, 403)


async def test_a_page_of_another_origin_reaches_nothing_not_even_one_of_this_machine(served: Served) -> None:
    own = served.url
    port = httpx.URL(own).port or 0
    foreign = ["null", "", "https://attacker.example", f"http://attacker.example:{port}", "file://", f"http://127.0.0.1:{port + 1}"]
    foreign += [
        "http://localhost:3000",
        f"http://127.0.0.1:{port}@attacker.example",
        f"http://attacker.example@127.0.0.1:{port}",
        "http://[::1",
    ]
    foreign += [f"{own}.attacker.example", f"{own}/", f"{own}, https://attacker.example", f"chrome-extension://127.0.0.1:{port}", "http://"]
    for origin in foreign:
        answer = await served.http.post("/api/v1/sessions", headers={"Origin": origin})
        assert (answer.status_code, is_fault(answer)) == (403, True), origin
    for site in ("cross-site", "same-site"):
        assert (await served.http.get("/api/v1/runs", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})).status_code == 403
    assert await begun(served) == 0
    assert (await served.http.post("/api/v1/sessions", headers={"Origin": own.upper()})).status_code == 201
    assert (await served.http.get("/health", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})).status_code == 200
    shown = await served.http.options("/api/v1/runs", headers={"Origin": own, "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in shown.headers


async def test_a_further_name_is_reached_with_the_pages_of_its_proxy(tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path), hosts=["Codeact.example"]) as up:
        for headers in ({"Host": "codeact.example"}, {"Host": "codeact.example:443"}, {"Origin": "https://codeact.example"}):
            assert (await up.http.get("/api/v1/runs", headers=headers)).status_code == 200
        assert (await up.http.get("/api/v1/runs", headers={"Origin": "https://a.codeact.example"})).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "localhost"])
async def test_a_server_is_reached_by_the_address_that_it_listens_on(host: str, tmp_path: Path) -> None:
    async with served(str(tmp_path / "runs.db"), script(tmp_path), host=host) as up:
        assert (await up.http.get("/api/v1/runs")).status_code == 200


async def test_a_form_of_a_web_page_does_nothing(served: Served) -> None:
    kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/plain; application/json", ""]
    for path, body in (("/api/v1/runs", {"task": "x"}), ("/v1/responses", {"input": "x"}), ("/api/v1/sessions", {"limits": {}})):
        for kind in kinds:
            headers = {"Content-Type": kind} if kind else {}
            answer = await served.http.post(path, content=json.dumps(body), headers=headers)
            assert answer.status_code == 422, (path, kind)
    assert await begun(served) == 0


async def poured(one: Line, most: int) -> int:
    """Write chunks until the server answers, at most so many bytes; how many it took."""
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    while sent < most and not one.reader._buffer and not one.reader.at_eof():  # type: ignore[attr-defined]
        try:
            await one.send(chunk)
        except ConnectionError:
            break
        sent += 0x10000
        await asyncio.sleep(0)
    return sent


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [("POST", "/api/v1/runs", MOST_JSON), ("POST", "/v1/responses", MOST_JSON), ("PUT", "/api/v1/files/large.bin", MOST_FILE)],
)
async def test_a_body_that_is_too_large_is_refused_before_more_of_it_is_taken(served: Served, method: str, path: str, most: int) -> None:
    for length in (str(most + 1), "9" * 19):
        status, body = await said(served.url, path, method, [JSON, f"Content-Length: {length}"])
        assert (status, json.loads(body)["error"]["code"]) == (413, "too_large")
    async with line(served.url) as one:
        await one.send(head(served.url, path, method, JSON, CHUNKED))
        assert await poured(one, 2 * most) <= most + (4 << 20)
        with suppress(ConnectionResetError):  # what it has answered may be lost to one that goes on sending
            status, body = await asyncio.wait_for(one.answer(), 30)
            assert (status, json.loads(body)["error"]["code"]) == (413, "too_large")
        await asyncio.wait_for(one.ended(), 30)
    assert await begun(served) == 0


async def test_a_length_that_lies_is_no_way_around_anything(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    body = b'{"task": "add"}'
    for path, method in (("/api/v1/runs", "POST"), ("/api/v1/files/a", "PUT"), ("/v1/responses", "POST")):
        async with line(served.url) as one:  # less than it says, then gone
            await one.send(head(served.url, path, method, JSON, "Content-Length: 99999"), body)
            one.writer.write_eof()
            one.writer.close()
    for lengths in (
        ["Content-Length: 3", "Content-Length: 15"],
        ["Content-Length: -1"],
        ["Content-Length: 1e3"],
        ["Content-Length: 5", CHUNKED],
    ):
        async with line(served.url) as one:
            await one.send(head(served.url, "/api/v1/runs", "POST", JSON, *lengths), body)
            assert (await asyncio.wait_for(one.answer(), 30))[0] in (400, 422), lengths
    async with line(served.url) as one:  # more than it says: the rest is no request
        await one.send(head(served.url, "/api/v1/runs", "POST", JSON, "Content-Length: 2"), b"{}", body, "\r\n\r\n")
        assert [(await asyncio.wait_for(one.answer(), 30))[0] for _ in range(2)] == [422, 400]
    await asyncio.sleep(0.2)
    assert await begun(served) == 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_body_that_comes_too_slowly_is_not_waited_for(hasty: Served) -> None:
    for path, method in (("/api/v1/runs", "POST"), ("/api/v1/files/a", "PUT"), ("/v1/chat/completions", "POST")):
        async with line(hasty.url) as one:
            await one.send(head(hasty.url, path, method, JSON, "Content-Length: 100"), b'{"ta')
            status, body = await asyncio.wait_for(one.answer(), 30)
            assert (status, json.loads(body)["error"]["code"]) == (408, "too_slow"), path
            assert await asyncio.wait_for(one.ended(), 30) == b""
    async with line(hasty.url) as one:
        await one.send(head(hasty.url, "/api/v1/files/a", "PUT", "Content-Length: 100"))
        dropping = asyncio.ensure_future(drops(one, 100))
        assert (await asyncio.wait_for(one.answer(), 30))[0] == 408
        dropping.cancel()


async def drops(one: Line, most: int) -> None:
    """Write a byte now and then."""
    for _ in range(most):
        await one.send(b"x")
        await asyncio.sleep(PATIENCE / 5)


async def test_a_connection_over_which_no_request_comes_is_closed(hasty: Served) -> None:
    for beginning in ("", "GET /hea", f"GET /health HTTP/1.1\r\nHost: {httpx.URL(hasty.url).netloc.decode()}\r\nX: "):
        async with line(hasty.url) as one:
            await one.send(beginning)
            dropping = asyncio.ensure_future(drops(one, 100)) if beginning else None
            assert await asyncio.wait_for(one.ended(), 30) == b""
            if dropping is not None:
                await asyncio.gather(dropping, return_exceptions=True)
    async with line(hasty.url) as one:  # one that asks now and then is not
        for _ in range(4):
            await one.send(head(hasty.url))
            assert (await one.answer())[0] == 200
            await asyncio.sleep(PATIENCE / 2)


async def taken(url: str, target: str, *, first: float, every: float) -> int:
    """Bytes that a client got that reads 1 MiB every so many seconds, the first after so many."""
    at = httpx.URL(url)
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    lazy.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(lazy, (at.host, at.port))
    await loop.sock_sendall(lazy, head(url, target, "GET", "Connection: close").encode())
    got = 0
    with lazy:
        try:
            await asyncio.sleep(first)
            while True:
                await asyncio.sleep(every)
                wanted = got + (1 << 20)
                while got < wanted:
                    part = await asyncio.wait_for(loop.sock_recv(lazy, 65536), 30)
                    if not part:
                        return got
                    got += len(part)
        except ConnectionResetError:
            return got


async def test_a_client_that_takes_nothing_is_left_and_a_slow_one_gets_everything(hasty: Served, caplog: pytest.LogCaptureFixture) -> None:
    run = await hasty.run()
    for _ in range(300):
        if not (await hasty.http.get(f"/api/v1/runs/{run['id']}")).json()["live"]:
            break
        await asyncio.sleep(0.1)
    for way in ("stream", "export?to=jsonl"):
        target = f"/api/v1/runs/{run['id']}/{way}"
        assert await taken(hasty.url, target, first=PATIENCE * 4, every=0) < LARGE, way
    assert await taken(hasty.url, target, first=0, every=PATIENCE / 5) > LARGE
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_what_is_no_request_is_refused_and_costs_no_memory(served: Served) -> None:
    flood = b"X: " + b"y" * 60_000 + b"\r\n"
    for start in (b"GET /health HTTP/1.1\r\n", b"GET /" + b"a" * 200_000, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 20_000):
        async with line(served.url) as one:
            with suppress(ConnectionError):  # it has had enough
                await one.send(start, *[flood] * 30)
                assert (await asyncio.wait_for(one.answer(), 30))[0] == 400
    for text in ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n"):
        async with line(served.url) as one:
            await one.send(text)
            one.writer.write_eof()
            assert b" 500 " not in await asyncio.wait_for(one.ended(), 30)
    assert (await served.http.get("/health")).status_code == 200


async def test_no_method_and_no_route_that_there_is_not_is_a_failure_of_the_server(served: Served) -> None:
    for method in ("HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "DELETE", "PUT", "POST", "PROPFIND", "get"):
        for target in ("/health", "/api/v1/runs", "/v1/models", "/metrics", "/nowhere", "/api/v1/runs/", "//health", "/../health", "*"):
            async with line(served.url) as one:
                await one.send(head(served.url, target, method))
                status = int((await asyncio.wait_for(one.reader.readline(), 30)).split()[1])
                assert 200 <= status < 500, (method, target)
    found = {(await served.http.get(f"{route.path}/")).status_code for route in all_routes() if "{" not in route.path and route.path != "/"}
    assert found == {404}  # and no redirect to wherever the request says that this is
    assert is_fault(await served.http.get("/nowhere"))
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"]
    assert (await said(served.url, "/api/v1/runs", headers=upgrade))[0] in (200, 400)


async def test_requests_that_come_at_once_are_answered_in_their_order_and_old_ones_too(served: Served) -> None:
    async with line(served.url) as one:
        body = b'{"task": "add"}'
        post = head(served.url, "/api/v1/runs", "POST", JSON, f"Content-Length: {len(body)}")
        await one.send(head(served.url, "/nowhere"), post, body, head(served.url, "/health"), head(served.url, "/api/v1/about"))
        assert [(await asyncio.wait_for(one.answer(), 30))[0] for _ in range(4)] == [404, 201, 200, 200]
    async with line(served.url) as one:
        await one.send(head(served.url, "/health", version="1.0"))
        assert (await one.answer())[0] == 200
    assert len(ADD) == 2 and await begun(served) == 1
