"""How the log of the embedded stack is written."""

from __future__ import annotations

import logging

from local.commands.terminal_text import visible

_OF_EVERY_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class LogLine(logging.Formatter):
    """Time, logger and event, and then what the event was logged with, as Lambda's JSON lines have it, too."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        extras = {name: value for name, value in record.__dict__.items() if name not in _OF_EVERY_RECORD}
        fields = [f"{name}={visible(value)}" for name, value in sorted(extras.items())]
        return " ".join([super().formatMessage(record), *fields])
