from __future__ import annotations

import pytest

from sotto.core.circuit_breaker import CircuitBreaker, CircuitOpen
from tests.fakes.clock import ClockByHand

OPEN_MS = 1_000.0


class Down(Exception):
    """Counts against the endpoint."""


@pytest.fixture
def clock() -> ClockByHand:
    return ClockByHand(0)


@pytest.fixture
def breaker(clock: ClockByHand) -> CircuitBreaker:
    return CircuitBreaker(clock, failures=2, open_ms=OPEN_MS)


def fail(breaker: CircuitBreaker, error: Exception, *, answered: bool = False) -> None:
    with pytest.raises(type(error)), breaker.attempt(failures=(Down,)) as attempt:
        if answered:
            attempt.answered()
        raise error


def test_failures_in_a_row_open_it_and_then_calls_are_refused(breaker: CircuitBreaker) -> None:
    fail(breaker, Down())
    assert not breaker.is_open
    fail(breaker, Down())
    assert breaker.is_open
    with pytest.raises(CircuitOpen), breaker.attempt(failures=(Down,)):
        raise AssertionError("nobody is called")


def test_an_answer_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    fail(breaker, Down())
    with breaker.attempt(failures=(Down,)) as attempt:
        attempt.answered()
    fail(breaker, Down())
    assert not breaker.is_open


def test_other_errors_and_calls_without_an_answer_say_nothing(breaker: CircuitBreaker) -> None:
    fail(breaker, Down())
    fail(breaker, ValueError())
    with breaker.attempt(failures=(Down,)):
        pass
    fail(breaker, Down())
    assert breaker.is_open


def test_a_session_that_breaks_after_answers_is_a_failure(breaker: CircuitBreaker) -> None:
    for _ in range(2):
        fail(breaker, Down(), answered=True)
    assert not breaker.is_open, "each of them began the count anew"
    fail(breaker, Down())
    assert breaker.is_open


def test_after_a_while_one_probe_decides(breaker: CircuitBreaker, clock: ClockByHand) -> None:
    for _ in range(2):
        fail(breaker, Down())
    clock.advance(OPEN_MS)
    with breaker.attempt(failures=(Down,)) as probe:
        with pytest.raises(CircuitOpen), breaker.attempt(failures=(Down,)):
            raise AssertionError("one probe at a time")
        probe.answered()
    assert not breaker.is_open


def test_a_call_that_is_made_in_any_case_is_counted_as_well(breaker: CircuitBreaker) -> None:
    for _ in range(2):
        fail(breaker, Down())
    with breaker.attempt(failures=(Down,), admitted=True) as attempt:
        attempt.answered()
    assert not breaker.is_open
