"""Contract tests: jobs beside each other, in threads and on a turned clock."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Barrier, current_thread

import pytest

from sotto.inference.side_by_side import Job, SideBySide, Threads
from tests.contract.ports.side_by_side_contract import SideBySideContract
from tests.fakes.routing import VirtualThreads
from tests.fakes.turned_clock import TurnedClock


class TestThreads(SideBySideContract):
    @pytest.fixture
    def side_by_side(self) -> SideBySide:
        return Threads(name="test")

    def test_jobs_run_at_the_same_time_and_what_one_leaves_behind_waits_for_no_other(self) -> None:
        together, after = Barrier(3), Barrier(2)

        def left_behind() -> Iterable[Job]:
            after.wait(10)
            return ()

        def quick() -> Iterable[Job]:
            together.wait(10)
            return [left_behind]

        def slow() -> Iterable[Job]:
            together.wait(10)
            after.wait(10)
            return ()

        def third() -> Iterable[Job]:
            together.wait(10)
            return ()

        Threads(name="test").run([quick, slow, third])

    def test_a_job_that_is_a_generator_does_its_part_in_its_thread(self) -> None:
        together = Barrier(2)

        def job() -> Iterable[Job]:
            together.wait(10)
            yield from ()

        Threads(name="test").run([job, job])

    def test_a_job_that_is_alone_takes_no_thread(self) -> None:
        where: list[str] = []

        def job() -> Iterable[Job]:
            where.append(current_thread().name)
            return ()

        Threads(name="test").run([job])
        assert where == [current_thread().name]


class TestVirtualThreads(SideBySideContract):
    @pytest.fixture
    def side_by_side(self) -> SideBySide:
        return VirtualThreads(TurnedClock())

    def test_no_job_takes_time_from_another(self) -> None:
        clock, began = TurnedClock(), list[float]()

        def job() -> Iterable[Job]:
            began.append(clock.time_ms)
            clock.pass_ms(10)
            return ()

        def first() -> Iterable[Job]:
            clock.pass_ms(3)
            return [job]

        VirtualThreads(clock).run([job, first, job])
        assert began == [0, 0, 3] and clock.time_ms == 13
