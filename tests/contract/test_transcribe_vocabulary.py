"""Contract tests: a tenant's vocabulary at Transcribe, made on moto and asked for at the local Transcribe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.aws.transcribe.server import LocalTranscribe
from local.known_speech import KnownCall
from sotto.core.clock import SystemClock
from sotto.recognition.adapters.transcribe import MISSING_FOR_MS, TranscribeRecogniser
from sotto.recognition.adapters.transcribe_vocabulary import (
    LONGEST_ENTRY,
    MOST_BYTES,
    TranscribeVocabularies,
    entries,
    vocabulary_name,
)
from sotto.recognition.recogniser import Session
from tests.contract.ports.recogniser_contract import CALL, TRANSCRIPT, call_chunks, recognised
from tests.contract.test_transcribe_recogniser import PRINCIPAL, our_credentials
from tests.fakes.server_thread import in_own_loop

WORDS = ("Harbour Free", "Overdraft", "O’Neil’s plan", "24/7 line")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session("testing", "testing", region_name="us-east-1").client("transcribe")


def names(client: Any) -> set[str]:
    return {each["VocabularyName"] for each in client.list_vocabularies()["Vocabularies"]}


def test_entries_are_what_transcribe_takes() -> None:
    assert entries(WORDS) == ("Harbour-Free", "Overdraft", "O'Neil's-plan", "line")
    many = entries([f"word {'x' * 90} {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)])
    assert sum(len(each) + 1 for each in many) <= MOST_BYTES and len(many) < 600
    assert entries(["x" * (LONGEST_ENTRY + 1)]) == ()


def test_a_vocabulary_is_named_by_what_is_in_it_and_the_one_before_is_kept(client: Any) -> None:
    vocabularies = TranscribeVocabularies(client)
    first = vocabularies.put("harbour_bank", "en-US", WORDS)
    assert first == vocabulary_name("harbour_bank", "en-US", WORDS) and names(client) == {first}
    assert vocabularies.put("harbour_bank", "en-US", WORDS) == first
    second = vocabularies.put("harbour_bank", "en-US", (*WORDS, "Mortgage"))
    other = vocabularies.put("torque_garage", "en-US", ("Loaner",))
    assert names(client) == {first, second, other}
    third = vocabularies.put("harbour_bank", "en-US", ("Mortgage",))
    assert third in names(client) and other in names(client) and len(names(client)) == 3


def test_a_tenant_without_words_has_none(client: Any) -> None:
    assert TranscribeVocabularies(client).put("harbour_bank", "en-US", ("24/7",)) is None
    assert names(client) == set()


class RealAndTurned(SystemClock):
    """The system's, for signatures and sockets, and what is passed by hand on top."""

    passed_ms = 0.0

    def monotonic_ms(self) -> float:
        return super().monotonic_ms() + self.passed_ms


async def test_a_session_asks_for_the_vocabulary_and_goes_on_without_one_that_is_not_ready() -> None:
    clock = RealAndTurned()
    server = LocalTranscribe([KnownCall.read(CALL / "call.wav", TRANSCRIPT)], PRINCIPAL)
    session = Session("harbour_bank", "contact-1", words=WORDS)
    header = "x-amzn-transcribe-vocabulary-name"
    with in_own_loop(server):
        recogniser = TranscribeRecogniser(
            our_credentials,
            region="eu-west-1",
            clock=clock,
            endpoint=server.address,
            tls=server.client_tls,
            vocabularies=True,
        )
        for _ in range(2):
            assert await recognised(recogniser, call_chunks(0, 3_000), session)
        asked = [header in seen.headers for seen in server.sessions]
        assert asked == [True, False, False], "what was missing is not asked for again at once"
        server.vocabularies.add(str(vocabulary_name("harbour_bank", "en-US", WORDS)))
        clock.passed_ms = MISSING_FOR_MS
        assert await recognised(recogniser, call_chunks(0, 3_000), session)
        assert header in server.sessions[-1].headers and len(server.sessions) == 4
