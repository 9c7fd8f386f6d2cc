"""EventBridge's schedules: what runs every so many minutes, for as long as the stack stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial

from local.aws.lambda_timetable import Timetable
from sotto.core.errors import SottoError
from sotto.core.function_spec import FunctionSpec
from sotto.core.triggers import Every

log = logging.getLogger(__name__)


class Schedules:
    """``invoke(function)`` starts one, asynchronously."""

    def __init__(self, invoke: Callable[[str], object]) -> None:
        self._invoke = invoke
        self._timetable: Timetable | None = None

    def start(self, functions: Iterable[FunctionSpec]) -> None:
        for spec in functions:
            for each in spec.triggered_by(Every):
                self._timetable = self._timetable or Timetable()
                self._arm(spec.name, each.minutes * 60.0)

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()

    def _arm(self, function: str, every_s: float) -> None:
        assert self._timetable is not None
        self._timetable.after(every_s, partial(self._run, function, every_s))

    def _run(self, function: str, every_s: float) -> None:
        """The next one is due whatever becomes of this one."""
        self._arm(function, every_s)
        try:
            self._invoke(function)
        except SottoError as error:
            log.warning("scheduled run left out", extra={"error": type(error).__name__})
