"""Calls whose words are read where they are known, and recognised where they are not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local.known_calls import WhereUnknown
from sotto.call.language import EVERY_LANGUAGE
from sotto.recognition.recogniser import RecogniserStream, RecogniserUnavailable, Session

SAMPLE = Path("events/calls/bank_cancel/call.transcript.jsonl")


class Asked:
    name = "any"
    languages = EVERY_LANGUAGE

    def __init__(self) -> None:
        self.contacts: list[str] = []

    @asynccontextmanager
    async def open(self, session: Session) -> AsyncIterator[RecogniserStream]:
        self.contacts.append(session.contact_id)
        raise RecogniserUnavailable("not here")
        yield


@pytest.fixture
def transcripts(tmp_path: Path) -> Path:
    (tmp_path / "known.jsonl").write_bytes(SAMPLE.read_bytes())
    return tmp_path


async def test_a_call_with_a_transcript_is_read_and_another_recognised(transcripts: Path) -> None:
    asked = Asked()
    recogniser = WhereUnknown(asked, lambda contact_id: transcripts / f"{contact_id}.jsonl")
    async with recogniser.open(Session("t", "known")) as stream:
        assert stream is not None
    assert asked.contacts == []
    with pytest.raises(RecogniserUnavailable):
        async with recogniser.open(Session("t", "unknown")):
            pass
    assert asked.contacts == ["unknown"]
