"""Requests that are done once: known with the event by which they were done, and gone with its run."""

import pytest

from codeact import errors, events
from codeact.store.kept import Store, open_store
from codeact.store.requests import Known, Request
from store.test_kept import started, write

ONE, OTHER = Request("a" * 64, "b" * 64), Request("c" * 64, "d" * 64)


async def test_a_request_is_known_when_its_event_is_kept_and_to_whoever_opens_the_store_next(address: str) -> None:
    store = await open_store(address)
    record = store.new()
    with store.requests.expected("one", events.TaskGiven, ONE):
        write(record, "one")
        record.append(events.TaskGiven(text="More?"))
    assert await store.requests.find(OTHER.name) is None
    await record.settled()
    await store.aclose()
    store = await open_store(address)
    assert await store.requests.find(ONE.name) == Known(ONE.body, "one", 1, None)
    await store.requests.answer(ONE.name, "so it is")
    assert await store.requests.find(ONE.name) == Known(ONE.body, "one", 1, "so it is")
    await store.remove("one")
    assert await store.requests.find(ONE.name) is None
    await store.aclose()


async def test_a_request_whose_event_did_not_come_is_not_known_and_the_next_events_are_nobodys(store: Store) -> None:
    record = store.new()
    with store.requests.expected("one", events.TaskGiven, ONE):
        record.append(started("one"))
    record.append(events.TaskGiven(text="What?"))
    await record.settled()
    assert await store.requests.find(ONE.name) is None


async def test_a_request_that_came_to_nothing_may_be_done_again(store: Store) -> None:
    record = store.new()
    record.append(started("one"))
    for number in (1, 2):
        with store.requests.expected("one", events.Action, ONE):
            record.append(events.Action(turn=number, code="x"))
        await record.settled()
        assert await store.requests.find(ONE.name) == Known(ONE.body, "one", number, None)


async def test_two_requests_are_not_begun_at_once_in_one_run(store: Store) -> None:
    with (
        store.requests.expected("one", events.TaskGiven, ONE),
        store.requests.expected("other", events.TaskGiven, ONE),
        pytest.raises(errors.SessionBusyError, match="another request"),
        store.requests.expected("one", events.TaskGiven, OTHER),
    ):
        pass
