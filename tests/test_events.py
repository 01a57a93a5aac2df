"""Events: immutable, strict, and the same after a trip through JSON."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from codeact import events
from golden import every_event

TYPES = get_args(get_args(events.AnyEvent)[0])


@pytest.mark.parametrize("event", every_event.EVENTS, ids=lambda event: event.type)
def test_an_event_read_back_from_its_json_is_equal(event: events.AnyEvent) -> None:
    assert events.EVENT.validate_json(event.model_dump_json()) == event


def test_the_examples_have_every_event_type_once() -> None:
    assert [type(event) for event in every_event.EVENTS].count(events.Observation) == 1
    assert {type(event) for event in every_event.EVENTS} == set(TYPES)


@pytest.mark.parametrize("event", every_event.EVENTS, ids=lambda event: event.type)
def test_an_event_cannot_be_changed(event: events.AnyEvent) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        event.time = 0.0


@pytest.mark.parametrize("event", every_event.EVENTS, ids=lambda event: event.type)
def test_an_unknown_field_is_refused(event: events.AnyEvent) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        events.EVENT.validate_python({**event.model_dump(), "surprise": 1})


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        events.EVENT.validate_json('{"type": "party"}')


def test_only_pieces_of_running_text_are_transient() -> None:
    assert {kind for kind in TYPES if kind.transient} == {events.ModelDelta, events.StreamChunk}


@given(st.floats(allow_nan=False), st.recursive(st.none() | st.booleans() | st.text() | st.floats(allow_nan=False), st.lists))
def test_any_json_value_of_an_answer_survives_the_round_trip(seconds: float, value: object) -> None:
    event = events.Answered(time=seconds, turn=1, text="x", value=value)  # pyright: ignore[reportArgumentType] -- hypothesis makes JSON only
    assert events.EVENT.validate_json(event.model_dump_json()) == event


def test_usages_add_up_field_by_field() -> None:
    one = events.Usage(input_tokens=1, output_tokens=2, cached_tokens=3, cost=0.5)
    assert one + one == events.Usage(input_tokens=2, output_tokens=4, cached_tokens=6, cost=1.0)


def test_an_observation_reads_its_streams_result_displays_and_error_out_of_its_outputs() -> None:
    observation = next(event for event in every_event.EVENTS if isinstance(event, events.Observation))
    assert (observation.stdout, observation.stderr, observation.result) == ("42\n", "careful\n", "42")
    assert [list(bundle) for bundle in observation.displays] == [["image/png", "text/plain"], ["text/plain"]]
    assert observation.error is not None
    assert observation.error.name == "ValueError"


def test_an_empty_observation_has_no_result_and_no_error() -> None:
    observation = events.Observation()
    assert (observation.stdout, observation.stderr, observation.result, observation.error, observation.displays) == ("", "", None, None, ())
