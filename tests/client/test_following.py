"""Runs followed across connections that break, servers that go away, and questions."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from client.scripted import RUN, Asked, Said, fault, said, scripted, sent
from codeact import Client, errors, events
from codeact.protocols import Decision, Question

STARTED = events.RunStarted(run_id="run-1", model="m", format="code", system="s", isolation="strict", limits=events.Limits())
TASK = events.TaskGiven(text="add")
TURN = events.ModelTurn(turn=1, text="2")
ANSWERED = events.Answered(turn=1, text="2", value=2)
ENDED = events.RunEnded(state="answered", turns=1, usage=events.Usage(input_tokens=3, output_tokens=4))
PIECES = [events.ModelDelta(turn=1, text=text) for text in ("a", "b", "c")]
WHOLE = [*enumerate([STARTED, TASK, TURN, ANSWERED, ENDED])]
NOBODY = Said(None)


def question(number: str = "1-a", **more: Any) -> dict[str, Any]:
    return {"id": number, "subject": "action", "content": "print(1)", "tool": "", **more}


async def test_a_run_is_begun_followed_and_told() -> None:
    async with scripted(said(RUN, 201), sent(WHOLE, ends="answered")) as up, Client(up.url) as client:
        seen: list[events.AnyEvent] = []
        run = await client.arun("add", model="m", limits=events.Limits(turns=3), seed=1, on_event=seen.append)
    assert (run.run_id, run.state, run.answer, run.value, run.usage) == ("run-1", "answered", "2", 2, ENDED.usage)
    assert [*run.events] == seen == [event for _, event in WHOLE]
    assert [message.role for message in run.trajectory.messages] == ["system", "user", "assistant"]
    assert up.asked[0].json == {"task": "add", "model": "m", "ask": "nothing", "seed": 1, "limits": {"turns": 3}, "files": []}
    assert [(asked.method, asked.path) for asked in up.asked] == [("POST", "/api/v1/runs"), ("GET", "/api/v1/runs/run-1/stream")]


async def test_a_run_whose_beginning_was_not_answered_is_begun_once() -> None:
    answers = [NOBODY, Said(broken=True), Said(502, b"<html>", "text/html"), said(RUN, 201), sent(WHOLE, ends="answered")]
    async with scripted(*answers) as up, Client(up.url) as client:
        assert (await client.arun("add")).answer == "2"
    keys = [asked.headers["idempotency-key"] for asked in up.asked if asked.method == "POST"]
    assert (len(keys), len(set(keys))) == (4, 1)


async def test_two_runs_have_two_keys() -> None:
    answers = [said(RUN, 201), said(RUN, 201)]
    async with scripted(*answers) as up, Client(up.url) as client:
        await client.astart("add")
        await client.astart("add")
    assert len({asked.headers["idempotency-key"] for asked in up.asked}) == 2


@pytest.mark.parametrize("cut", range(1, 5))
@pytest.mark.parametrize("how", ["broken", "ended"])
async def test_a_broken_stream_is_taken_up_where_it_broke(cut: int, how: str) -> None:
    first = sent(WHOLE[:cut], broken=how == "broken")
    async with scripted(said(RUN, 201), first, NOBODY, sent(WHOLE[cut:], ends="answered")) as up, Client(up.url) as client:
        run = await client.arun("add")
    assert [*run.events] == [event for _, event in WHOLE]
    assert [asked.headers.get("last-event-id") for asked in up.asked[1:]] == [None, str(cut - 1), str(cut - 1)]


async def test_an_event_that_was_cut_in_the_middle_is_seen_once_and_whole() -> None:
    whole = sent(WHOLE, ends="answered")
    for at in range(0, len(whole.body), 97):
        first = Said(body=whole.body[:at], kind=whole.kind, broken=True)

        def rest(asked: Asked) -> Said:
            return sent(WHOLE[int(asked.headers.get("last-event-id", "-1")) + 1 :], ends="answered")

        async with scripted(said(RUN, 201), first, rest) as up, Client(up.url) as client:
            assert [*(await client.arun("add")).events] == [event for _, event in WHOLE]


async def test_what_is_only_shown_as_it_happens_is_not_shown_twice_by_a_stream_that_comes_back() -> None:
    pieces = [(None, piece) for piece in PIECES]
    answers = [
        said(RUN, 201),
        sent([*WHOLE[:2], *pieces[:2]], broken=True),
        sent(pieces[:2], broken=True),
        sent([*pieces, *WHOLE[2:]], ends="answered"),
    ]
    async with scripted(*answers) as up, Client(up.url) as client:
        seen: list[events.AnyEvent] = []
        await client.arun("add", on_event=seen.append)
    assert [event.text for event in seen if isinstance(event, events.ModelDelta)] == ["a", "b", "c"]


async def test_pieces_of_a_turn_that_is_written_anew_are_shown() -> None:
    anew = [(None, events.ModelDelta(turn=1, text=text)) for text in ("x", "y")]
    answers = [said(RUN, 201), sent([*WHOLE[:2], (None, PIECES[0])], broken=True), sent([*anew, *WHOLE[2:]], ends="answered")]
    async with scripted(*answers) as up, Client(up.url) as client:
        handle = await client.astart("add")
        seen = [one async for one in handle.stream()]
    assert [one.event.text for one in seen if isinstance(one.event, events.ModelDelta)] == ["a", "x", "y"]
    assert [one.number for one in seen if one.number is not None] == [0, 1, 2, 3, 4]


async def test_a_server_that_stays_away_is_given_up_and_the_run_is_left_alone() -> None:
    async with scripted(said(RUN, 201), sent(WHOLE[:2], broken=True)) as up, Client(up.url, patience=0.5) as client:
        with pytest.raises(errors.ServerUnavailableError):
            await client.arun("add")
    assert {asked.path for asked in up.asked} == {"/api/v1/runs", "/api/v1/runs/run-1/stream"}


async def test_a_stream_that_ends_again_and_again_without_an_end_is_given_up() -> None:
    empty = [sent([])] * 50
    async with scripted(said(RUN, 201), sent(WHOLE[:2]), *empty) as up, Client(up.url, patience=0.5) as client:
        with pytest.raises(errors.ServerUnavailableError, match="before the run has ended"):
            await client.arun("add")


async def test_a_busy_or_ending_server_is_waited_for_while_a_run_is_followed() -> None:
    ready = [fault(429, "too_busy", Retry_After="0"), fault(503, "store_unavailable_error"), Said(503, b"", "text/plain")]
    async with scripted(said(RUN, 201), *ready, sent(WHOLE, ends="answered")) as up, Client(up.url) as client:
        assert (await client.arun("add")).answer == "2"


async def test_a_run_that_is_removed_meanwhile_is_not_found() -> None:
    cancelled = said(RUN)
    async with scripted(said(RUN, 201), sent(WHOLE[:2], broken=True), fault(404, "not_found"), cancelled) as up, Client(up.url) as client:
        with pytest.raises(errors.NotFoundError):
            await client.arun("add")


@pytest.mark.parametrize(
    "body",
    [
        b"id: 7\nevent: task_given\ndata: {}\n\n",
        b"id: x\nevent: task_given\ndata: {}\n\n",
        b'id: 0\nevent: dreamt\ndata: {"type": "dreamt"}\n\n',
        b"id: 0\nevent: task_given\ndata: {\n\n",
    ],
    ids=["a gap", "no number", "unknown", "no JSON"],
)
async def test_events_that_cannot_be_are_refused_and_the_run_is_cancelled(body: bytes) -> None:
    wrong = Said(body=body, kind="text/event-stream")
    async with scripted(said(RUN, 201), wrong, said(RUN)) as up, Client(up.url) as client:
        with pytest.raises(errors.ServerError):
            await client.arun("add")
    assert up.asked[-1].path == "/api/v1/runs/run-1/cancel"


async def test_who_stops_waiting_for_a_run_that_it_asked_for_cancels_it() -> None:
    async with scripted(said(RUN, 201), sent(WHOLE[:2], hangs=True), said(RUN)) as up, Client(up.url) as client:
        seen = asyncio.Event()
        task = asyncio.ensure_future(client.arun("add", on_event=lambda event: seen.set()))
        await seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert up.asked[-1].path == "/api/v1/runs/run-1/cancel"


async def test_who_stops_waiting_by_a_handle_does_not_end_the_run() -> None:
    async with scripted(said(RUN), sent(WHOLE[:2], hangs=True)) as up, Client(up.url) as client:
        handle = await client.aget("run-1")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(handle.await_end(), 0.3)
    assert [asked.method for asked in up.asked] == ["GET", "GET"]


async def test_the_next_message_is_waited_for_from_where_the_last_one_ended() -> None:
    more = [*enumerate([events.TaskGiven(text="again"), events.RunEnded(state="gave_up", reason="tired")], start=5)]
    answers = [said(RUN), sent(WHOLE, ends="answered"), said(RUN, 202), sent(more, ends="gave_up")]
    async with scripted(*answers) as up, Client(up.url) as client:
        handle = await client.aget("run-1")
        assert (await handle.await_end()).answer == "2"
        await handle.asend("again")
        run = await handle.await_end()
    assert (run.state, run.answer, run.reason, len(run.events)) == ("gave_up", None, "tired", 7)
    assert up.asked[-1].headers["last-event-id"] == "4"


async def test_the_error_of_a_run_that_failed_is_the_one_that_the_server_had() -> None:
    failed = events.Failed(turn=1, boundary="model", kind="ModelAuthError", message="the key is refused")
    foreign = events.Failed(turn=1, boundary="tool", kind="UnexpectedError", message="unexpected KeyError at the tool boundary: 'x'")
    for event, kind in ((failed, errors.ModelAuthError), (foreign, errors.CodeactError)):
        past = [*enumerate([STARTED, TASK, event, events.RunEnded(state="error", reason=event.message)])]
        async with scripted(said(RUN, 201), sent(past, ends="error")) as up, Client(up.url) as client:
            run = await client.arun("add")
        assert isinstance(run.error, kind)
        assert (str(run.error), run.error.boundary, run.reason) == (event.message, event.boundary, event.message)


class Server:
    """Answers by what is asked, as one would with a question open."""

    def __init__(self, asked: events.ApprovalAsked, refusals: Sequence[Said] = ()) -> None:
        self.asked = asked
        self.refusals = [*refusals]
        self.open = True
        self.decided: list[Any] = []
        self.streams = 0

    def __call__(self, asked: Asked) -> Said:
        before = [*enumerate([STARTED, TASK, TURN, self.asked])]
        after = [(4, events.ApprovalGiven(turn=1, approval_id=self.asked.approval_id, decision="allow")), (5, ENDED)]
        if asked.path.endswith("/stream"):
            self.streams += 1
            return sent(after, ends="answered") if not self.open else sent(before[self.streams > 1 and len(before) :], broken=True)
        if "/questions/" in asked.path:
            self.decided.append((asked.path.rpartition("/")[2], asked.json))
            if self.refusals:
                return self.refusals.pop(0)
            self.open = False
            return said(RUN)
        open_ = [question(self.asked.approval_id, subject=self.asked.subject, content=self.asked.content)] if self.open else []
        return said({**RUN, "questions": open_}, 201 if asked.method == "POST" else 200)


ASKED = events.ApprovalAsked(turn=1, approval_id="1-a", subject="action", content="print(1)")
CALLED = events.ApprovalAsked(turn=1, approval_id="c-1", subject="call", content=json.dumps({"tool": "pay", "args": [1], "kwargs": {}}))


@pytest.mark.parametrize("asked", [ASKED, CALLED], ids=["action", "call"])
async def test_a_question_is_decided_by_approve_across_broken_connections(asked: events.ApprovalAsked) -> None:
    server = Server(asked)
    questions: list[Question] = []

    async def approve(question: Question) -> Decision:
        questions.append(question)
        return Decision("edit", "print(2)", "so", for_run=True)

    async with scripted(*[server] * 100) as up, Client(up.url) as client:
        run = await client.arun("add", approve=approve)
    assert run.state == "answered"
    assert questions == [Question(asked.subject, asked.approval_id, asked.content, "pay" if asked is CALLED else "")]
    body = {"decision": "edit", "content": "print(2)", "reason": "so", "for_run": True}
    assert server.decided == [(asked.approval_id, body)]
    assert up.asked[0].json["ask"] == "all"


async def test_a_decision_that_the_server_could_not_take_just_then_is_sent_again_and_not_asked_for_again() -> None:
    server = Server(ASKED, [fault(503, "store_unavailable_error"), fault(429, "too_busy", type="busy"), NOBODY])
    asked: list[Question] = []

    async def approve(question: Question) -> Decision:
        asked.append(question)
        return Decision()

    async with scripted(*[server] * 200) as up, Client(up.url) as client:
        assert (await client.arun("add", approve=approve)).state == "answered"
    assert (len(asked), len(server.decided)) == (1, 4)


async def test_a_decision_that_does_not_fit_its_question_is_an_error_and_the_run_is_cancelled() -> None:
    server = Server(ASKED, [fault(422, "invalid", "content is no JSON")])

    async def approve(question: Question) -> Decision:
        return Decision("edit", "{")

    async with scripted(*[server] * 100) as up, Client(up.url) as client:
        with pytest.raises(errors.InputError, match="content is no JSON"):
            await client.arun("add", approve=approve)
    assert up.asked[-1].path.endswith("/cancel")


async def test_what_approve_raises_comes_out_and_cancels_the_run() -> None:
    async def approve(question: Question) -> Decision:
        raise KeyError("no terminal")

    async with scripted(*[Server(ASKED)] * 100) as up, Client(up.url) as client:
        with pytest.raises(KeyError, match="no terminal"):
            await client.arun("add", approve=approve)
    assert up.asked[-1].path.endswith("/cancel")


async def test_nobody_is_asked_any_more_when_somebody_else_has_decided() -> None:
    server, cancelled = Server(ASKED), asyncio.Event()

    async def approve(question: Question) -> Decision:
        server.open = False  # a person at another screen was quicker
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return Decision()

    async with scripted(*[server] * 100) as up, Client(up.url) as client:
        assert (await client.arun("add", approve=approve)).state == "answered"
    assert cancelled.is_set()
    assert server.decided == []


async def test_a_question_that_was_seen_while_nobody_could_decide_is_decided_later() -> None:
    server = Server(ASKED)

    async def approve(question: Question) -> Decision:
        return Decision()

    async with scripted(*[server] * 200) as up, Client(up.url) as client:
        handle = await client.astart("add", ask="all")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(handle.await_end(), 0.5)
        assert (await handle.await_end(approve=approve)).state == "answered"
    assert [number for number, _ in server.decided] == ["1-a"]


async def test_files_are_read_here_and_given_by_their_digest(tmp_path: Path) -> None:
    path = tmp_path / "a b?.csv"
    path.write_bytes(b"1,2")
    kept = said({"name": path.name, "digest": "d" * 64, "size": 3}, 201)
    async with scripted(kept, said(RUN, 201)) as up, Client(up.url) as client:
        await client.astart("add", files=[path])
        with pytest.raises(errors.InputError, match=r"none\.csv"):
            await client.astart("add", files=[tmp_path / "none.csv"])
    assert [(asked.method, asked.path) for asked in up.asked] == [("PUT", "/api/v1/files/a%20b%3F.csv"), ("POST", "/api/v1/runs")]
    assert up.asked[0].body == b"1,2"
    assert up.asked[1].json["files"] == [{"name": "a b?.csv", "digest": "d" * 64}]
