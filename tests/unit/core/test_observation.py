from __future__ import annotations

from sotto.core.observation import Observers


def test_an_observer_that_fails_harms_neither_the_work_nor_the_others() -> None:
    seen = list[object]()

    def broken(happened: object) -> None:
        raise RuntimeError("no space left")

    Observers(broken, seen.append)("something")
    assert seen == ["something"]
