"""Contract tests: the transcript recogniser."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.call.contact import Speaker
from sotto.recognition.adapters.transcript import TranscriptRecogniser, TranscriptUnreadable
from sotto.recognition.recogniser import Session
from tests.contract.ports.recogniser_contract import TRANSCRIPT, RecogniserContract, call_chunks, finals, recognised


class TestTranscriptRecogniser(RecogniserContract):
    first_word_tolerance_ms = 0.0

    @pytest.fixture
    def recogniser(self) -> TranscriptRecogniser:
        return TranscriptRecogniser(lambda contact_id: TRANSCRIPT)


async def test_the_same_audio_gives_the_same_events() -> None:
    recogniser = TranscriptRecogniser(lambda contact_id: TRANSCRIPT)
    assert await recognised(recogniser, call_chunks()) == await recognised(recogniser, call_chunks())


async def test_speech_cut_by_the_end_of_the_audio_keeps_only_what_was_received() -> None:
    events = await recognised(TranscriptRecogniser(lambda contact_id: TRANSCRIPT), call_chunks(0, 2_000))
    [cut] = finals(events, Speaker.AGENT)
    assert cut.text.startswith("Thank you for") and "today" not in cut.text


async def test_a_wrong_line_is_named_with_its_field(tmp_path: Path) -> None:
    path = tmp_path / "call.transcript.jsonl"
    path.write_text(
        '{"speaker": "customer", "start_ms": 0, "end_ms": 1, "text": "", "words": []}\n{"speaker": "dog"}\n'
    )
    with pytest.raises(TranscriptUnreadable, match=r"call.transcript.jsonl:2: speaker"):
        async with TranscriptRecogniser(lambda contact_id: path).open(Session("t", "c")):
            pass


async def test_a_missing_transcript_is_named(tmp_path: Path) -> None:
    with pytest.raises(TranscriptUnreadable, match="nowhere"):
        async with TranscriptRecogniser(lambda contact_id: tmp_path / "nowhere").open(Session("t", "c")):
            pass
