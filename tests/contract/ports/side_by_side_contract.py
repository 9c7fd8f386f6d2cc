"""What running jobs beside each other must mean, as a class of tests to inherit. A subclass gives ``side_by_side`` (a
fixture)."""

from __future__ import annotations

from collections.abc import Iterable

from sotto.inference.side_by_side import Job, SideBySide


class SideBySideContract:
    def test_all_jobs_have_ended_and_what_they_left_behind_too(self, side_by_side: SideBySide) -> None:
        done: list[str] = []

        def job(name: str, *then: Job) -> Job:
            def run() -> Iterable[Job]:
                done.append(name)
                return then

            return run

        side_by_side.run([job("a"), job("b", job("b1", job("b2")), job("b3")), job("c")])
        assert sorted(done) == ["a", "b", "b1", "b2", "b3", "c"]
        assert done.index("b") < done.index("b1") < done.index("b2")

    def test_one_job_and_none_are_run_too(self, side_by_side: SideBySide) -> None:
        done: list[int] = []

        def job() -> Iterable[Job]:
            done.append(1)
            return ()

        side_by_side.run([])
        side_by_side.run([job])
        assert done == [1]

    def test_jobs_may_begin_while_those_of_another_run_do(self, side_by_side: SideBySide) -> None:
        done: list[str] = []

        def inner() -> Iterable[Job]:
            done.append("inner")
            return ()

        def outer() -> Iterable[Job]:
            done.append("outer")
            yield inner
            yield inner

        side_by_side.run([outer, outer])
        assert sorted(done) == ["inner"] * 4 + ["outer"] * 2
