"""Requests of the client: what a server's answers mean, where the key goes, what is sent again."""

import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from client.scripted import RUN, Said, fault, said, scripted, sent
from codeact import Client, errors, events

KEY = "cak_0123456789abcdefsecret"

ABOUT = {
    "version": "0.1.0",
    "isolation": "strict",
    "models": ["local"],
    "formats": ["code"],
    "limits": {"turns": 5},
    "tools": [{"name": "add", "signature": "add(a: int) -> int"}],
    "of the next version": 1,
}

MEANT: list[Any] = [
    (fault(400, "input_error"), errors.InputError),
    (fault(404, "not_found"), errors.NotFoundError),
    (fault(404, "not_found_error"), errors.NotFoundError),
    (fault(404, "model_not_found_error", type="model"), errors.ModelNotFoundError),
    (fault(409, "session_busy_error", type="session"), errors.SessionBusyError),
    (fault(409, "checkpoint_error", type="session"), errors.CheckpointError),
    (fault(409, "store_conflict_error", type="store"), errors.StoreConflictError),
    (fault(503, "store_unavailable_error", type="store"), errors.StoreUnavailableError),
    (fault(503, "isolation_error", type="session"), errors.IsolationError),
    (fault(502, "tool_server_error", type="tool"), errors.ToolServerError),
    (fault(400, "missing_extra_error"), errors.InputError),
    (fault(409, "not_open"), errors.InputError),
    (fault(413, "too_large"), errors.InputError),
    (fault(422, "invalid"), errors.InputError),
    (fault(401, "invalid_api_key", type="access"), errors.ServerAccessError),
    (fault(403, "no_scope", type="access"), errors.ServerAccessError),
    (fault(429, "too_busy", type="busy"), errors.ServerBusyError),
    (fault(503, "ending", type="busy"), errors.ServerUnavailableError),
    (fault(500, "unexpected", type="store"), errors.ServerError),
    (fault(500, "unexpected_error", type="store"), errors.ServerError),
    (Said(401, b"<html>", "text/html"), errors.ServerAccessError),
    (Said(404, b"<html>", "text/html"), errors.ServerError),
    (Said(429, b"", "text/plain"), errors.ServerBusyError),
    (Said(502, b"<html>", "text/html"), errors.ServerUnavailableError),
    (Said(503, b'{"error": "x"}'), errors.ServerUnavailableError),
    (Said(504, b""), errors.ServerUnavailableError),
    (Said(500, b"\xff"), errors.ServerError),
    (Said(200, b"<html>", "text/html"), errors.ServerError),
    (said({"version": 1}), errors.ServerError),
    (said([]), errors.ServerError),
]


@pytest.mark.parametrize(("answer", "kind"), MEANT, ids=[f"{answer.status} {kind.__name__} {n}" for n, (answer, kind) in enumerate(MEANT)])
async def test_an_answer_that_is_an_error_raises_the_error_that_it_stands_for(answer: Said, kind: type[errors.CodeactError]) -> None:
    async with scripted(answer) as up, Client(up.url, KEY, patience=0) as client:
        with pytest.raises(errors.CodeactError) as raised:
            await client.aabout()
    assert type(raised.value) is kind
    assert str(raised.value)
    if b"so it is" in answer.body:
        assert "so it is" in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", 1.0), ("-1", 1.0), ("²", 1.0)]
)
async def test_a_busy_server_says_when_to_try_again(header: str, seconds: float) -> None:
    answer = fault(429, "too_busy", "this server works on 16 runs at once", type="busy", Retry_After=header)
    async with scripted(answer) as up, Client(up.url) as client:
        with pytest.raises(errors.ServerBusyError, match="16 runs") as raised:
            await client.astart("add")
    assert raised.value.retry_after == seconds


async def test_the_key_is_shown_to_the_server_and_is_in_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [said(ABOUT), fault(401, "invalid_api_key", type="access"), Said(None), Said(502)]
    async with scripted(*answers) as up, Client(up.url, KEY, patience=0) as client:
        assert (await client.aabout()).models == ("local",)
        said_ = [repr(client), repr(client.session()), str(vars(client))]
        for _ in range(3):
            with pytest.raises(errors.ServerError) as raised:
                await client.aabout()
            said_ += [str(raised.value), repr(raised.value), str(raised.value.__cause__)]
    assert [asked.headers["authorization"] for asked in up.asked] == [f"Bearer {KEY}"] * 4
    assert KEY not in "".join([*said_, caplog.text])


async def test_the_key_is_taken_from_the_environment_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEACT_KEY", KEY)
    async with scripted(*[said(ABOUT)] * 3) as up:
        for given in (None, "cak_other", ""):
            async with Client(up.url, given) as client:
                await client.aabout()
    assert [asked.headers.get("authorization") for asked in up.asked] == [f"Bearer {KEY}", "Bearer cak_other", None]


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} x", f"{KEY}ü", "\x00"])
def test_a_key_that_is_none_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(errors.InputError) as raised:
        Client(key=key)
    assert KEY not in str(raised.value)


async def test_a_redirect_is_not_followed() -> None:
    async with scripted() as other:
        away = Said(307, headers={"location": f"{other.url}/api/v1/about?{KEY}"})
        async with scripted(away, away) as up, Client(up.url, KEY) as client:
            with pytest.raises(errors.ServerError, match=other.url) as raised:
                await client.aabout()
            with pytest.raises(errors.ServerError, match=other.url):
                await client.astart("add")
    assert other.asked == []
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8765",
        "ftp://x",
        "http://",
        "http://u:hidden@x",
        "http://hidden@x",
        "http://x?y",
        "http://x:99999",
        "http://[::1",
        "http://a b",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(errors.InputError) as raised:
        Client(url)
    assert "hidden" not in str(raised.value)


async def test_a_server_below_a_path_is_reached() -> None:
    async with scripted(said(ABOUT)) as up, Client(f"{up.url}/behind/proxy/") as client:
        await client.aabout()
    assert up.asked[0].path == "/behind/proxy/api/v1/about"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a b/ü?.txt", "a%20b/%C3%BC%3F.txt"),
        ("../../runs", "%2E%2E/%2E%2E/runs"),
        ("./x", "%2E/x"),
        ("/etc/passwd", "/etc/passwd"),
        ("%2e%2e/x", "%252e%252e/x"),
        ("x#y\\z", "x%23y%5Cz"),
    ],
)
async def test_a_name_of_a_file_leads_to_that_file_or_nowhere(name: str, path: str) -> None:
    async with scripted(said(RUN), Said(200, b"\x00\xff", "x/y")) as up, Client(up.url) as client:
        assert await (await client.aget("run-1")).aread_file(name) == b"\x00\xff"
    assert up.asked[1].path == f"/api/v1/runs/run-1/files/{path}"


async def test_an_id_leads_to_a_run_or_nowhere() -> None:
    async with scripted(*[fault(404, "not_found")] * 2) as up, Client(up.url) as client:
        for run_id in ("..", "a/../b"):
            with pytest.raises(errors.NotFoundError):
                await client.aget(run_id)
        with pytest.raises(errors.InputError, match="empty"):
            await client.aget("")
    assert [asked.path for asked in up.asked] == ["/api/v1/runs/%2E%2E", "/api/v1/runs/a%2F..%2Fb"]


async def test_a_server_that_was_never_there_is_not_waited_for() -> None:
    async with scripted() as up:
        pass
    async with Client(up.url, patience=3600) as client:
        with pytest.raises(errors.ServerUnavailableError, match="codeact serve"):
            await client.arun("add")
        assert await client.aready() is False


Asking = Callable[[Client], Any]
ONCE: dict[str, tuple[Asking, Said]] = {
    "run": (lambda client: client.session(session_id="s").arun("x = 1"), sent([(None, events.Observation())])),
    "checkpoint": (lambda client: client.session(session_id="s").acheckpoint(), said({"mark": "m"}, 201)),
    "rollback": (lambda client: client.session(session_id="s").arollback(), said({"notice": ""})),
    "fork": (lambda client: client.session(session_id="s").afork(), said({"id": "s-2"}, 201)),
    "start": (lambda client: client.session().astart(), said({"id": "s-1"}, 201)),
}


@pytest.mark.parametrize("name", ONCE)
async def test_what_is_to_be_done_once_is_sent_again_with_the_key_by_which_it_is_known(name: str) -> None:
    asking, answer = ONCE[name]
    async with scripted(Said(None), answer, Said(None), answer) as up, Client(up.url) as client:
        for _ in range(2):
            await asking(client)
    keys = [asked.headers["idempotency-key"] for asked in up.asked]
    assert (keys[0] == keys[1], keys[2] == keys[3], keys[0] == keys[2]) == (True, True, False)
    assert up.asked[0].body == up.asked[1].body


@pytest.mark.parametrize("name", ONCE)
async def test_who_has_lost_patience_is_told_that_it_is_not_known_what_was_done(name: str) -> None:
    asking, _ = ONCE[name]
    async with scripted(Said(None)) as up, Client(up.url, patience=0) as client:
        with pytest.raises(errors.ServerUnavailableError, match="went away"):
            await asking(client)
    assert len(up.asked) == 1


async def test_messages_and_branches_are_sent_again_with_the_key_by_which_they_are_known() -> None:
    answers = [said(RUN), Said(None), said(RUN, 202), Said(None), said({**RUN, "id": "run-2"}, 201)]
    async with scripted(*answers) as up, Client(up.url) as client:
        handle = await client.aget("run-1")
        await handle.asend("and?")
        assert (await handle.abranch(0, "else")).run_id == "run-2"
    keys = [asked.headers.get("idempotency-key") for asked in up.asked]
    assert (keys[0], keys[1] == keys[2], keys[3] == keys[4], keys[1] == keys[3]) == (None, True, True, False)


async def test_what_only_asks_is_sent_again() -> None:
    async with scripted(Said(None), Said(503), said(ABOUT)) as up, Client(up.url) as client:
        assert (await client.aabout()).limits == events.Limits(turns=5)
    assert len(up.asked) == 3


async def test_runs_are_listed_over_pages_up_to_a_limit() -> None:
    pages = [said({"runs": [RUN] * 200, "next": "1:a"}), said({"runs": [RUN] * 50, "next": "2:b"})]
    async with scripted(*pages) as up, Client(up.url) as client:
        assert len(await client.aruns(["error", "limit"], "two words", 250)) == 250
    where = "/api/v1/runs?search=two+words&limit="
    assert [asked.path for asked in up.asked] == [
        f"{where}200&state=error&state=limit",
        f"{where}50&state=error&state=limit&cursor=1%3Aa",
    ]


async def test_an_answer_that_is_no_stream_of_events_is_refused() -> None:
    async with scripted(said(RUN), Said(200, b"<html>", "text/html")) as up, Client(up.url) as client:
        handle = await client.aget("run-1")
        with pytest.raises(errors.ServerError, match="text/html"):
            await handle.await_end()


async def test_output_of_an_action_is_shown_as_it_comes_and_the_observation_returned() -> None:
    chunks: list[tuple[int | None, events.Event]] = [
        (None, events.StreamChunk(turn=0, name="stdout", text="a\n")),
        (None, events.StreamChunk(turn=0, name="stderr", text="b\n")),
    ]
    seen = events.Observation(status="error", text="x")
    async with scripted(said({"id": "s-1"}, 201), sent([*chunks, (None, seen)]), Said(204)) as up, Client(up.url) as client:
        output: list[tuple[str, str]] = []
        async with client.session(events.Limits(memory_mb=100)) as session:
            assert await session.arun("x", on_output=lambda *one: output.append(one), timeout=3) == seen
    assert output == [("stdout", "a\n"), ("stderr", "b\n")]
    assert [(asked.method, asked.path) for asked in up.asked] == [
        ("POST", "/api/v1/sessions"),
        ("POST", "/api/v1/sessions/s-1/run"),
        ("DELETE", "/api/v1/sessions/s-1"),
    ]
    assert (up.asked[0].json, up.asked[1].json) == ({"limits": {"memory_mb": 100}}, {"code": "x", "stream": True, "timeout": 3})


async def test_an_action_whose_stream_ends_without_an_observation_is_asked_for_again_with_its_key() -> None:
    seen = events.Observation(text="x")
    async with scripted(sent([]), sent([], broken=True), sent([(None, seen)])) as up, Client(up.url) as client:
        assert await client.session(session_id="s-1").arun("x") == seen
    assert len({asked.headers["idempotency-key"] for asked in up.asked}) == 1
    assert len(up.asked) == 3


async def test_a_closed_client_and_a_closed_session_say_so() -> None:
    async with scripted(said({"id": "s-1"}, 201), fault(404, "not_found")) as up:
        async with Client(up.url) as client:
            session = client.session()
            with pytest.raises(errors.SessionError, match="not been started"):
                _ = session.session_id
            await session.astart()
            await session.aclose()
            await session.aclose()
            with pytest.raises(errors.SessionClosedError):
                await session.arun("x")
        with pytest.raises(errors.InputError, match="closed"):
            await client.aabout()


def test_without_httpx_the_client_says_what_to_install() -> None:
    text = (
        "import sys; sys.modules['httpx'] = None\n"
        "import codeact\n"
        "try: codeact.Client()\n"
        "except codeact.CodeactError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("MissingExtraError")
    assert "pip install 'codeact[client]'" in done.stdout
