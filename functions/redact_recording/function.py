"""Redacts and proves a call's recording: a step of the work after a call."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksConnect, Keeps, KeepsRecordings, ReadsBooks, Recognises
from sotto.core.resources import AFTER_CALL, CONTACTS
from sotto.core.triggers import StepOf

FUNCTION = function(
    __name__,
    StepOf(AFTER_CALL, branch="recording", awaits=("recording.available", "recording.missing")),
    timeout_s=900,  # as long as a provider takes that recognises no faster than people speak
    memory_mb=1_024,  # for processor time: what is held is a few seconds of audio
    needs=(Keeps(CONTACTS), ReadsBooks(), Recognises(), KeepsRecordings(), AsksConnect()),
)
