"""Text that could not be redacted is shown to nobody: the whole of it is withheld, and the call goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import PrivateSpan
from sotto.redaction.redactor import Redacted

log = logging.getLogger(__name__)

WITHHELD = "withheld"
MASK = f"[{WITHHELD}]"
REDACTION_FAILED = "redaction-failed"
CONSENT_NOT_READ = "consent-not-read"
MEMORY_NOT_READ = "memory-not-read"
STEPPED_OVER = "stepped-over"

Alarm = Callable[[str], None]
"""Told what failed, in one of the words above. Never raises."""


def no_alarm(why: str) -> None:
    """Where nobody counts; the log still says it."""


def withheld(result: TranscriptResult) -> Redacted:
    """Nothing of the text is left, nor of its words; an event without text has nothing to withhold."""
    if not result.text:
        return Redacted(replace(result, words=()))
    span = PrivateSpan(WITHHELD, result.start_ms, result.end_ms, 0, len(MASK))
    return Redacted(replace(result, text=MASK, words=()), (span,))


def log_failure(why: str, error: Exception) -> None:
    """An error's message may quote the text, so only its class and where it arose are logged."""
    log.error("redaction failed", extra={"why": why, "problem": type(error).__name__, "at": _place_of(error)})


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
