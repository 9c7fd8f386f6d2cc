"""Unit: what Voice Connectors, and the border controllers before them, say of a call: as it is, and as it should
not be."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.aws.chime.documents import (
    LegOnAir,
    RecordedSession,
    Spoken,
    failure_detail,
    rs_metadata,
    streaming_detail,
    update_detail,
)
from sotto.sources.siprec.metadata import MetadataRefused, SessionMetadata, read_metadata, user_of
from sotto.sources.siprec.streaming_event import NotAStreamingEvent, Status, StreamingEvent

PEOPLE = [Spoken("p1", "sip:emma@pbx.example.com;transport=tcp", "1"), Spoken("p2", "sip:+15550100@carrier.net", "2")]
METADATA = rs_metadata(PEOPLE, AmznConnectAgentUserId="agent-7")
CONNECTOR, STARTED_MS = "abcdef1ghij2klmno3pqr4", 1_790_000_000_238.0
STREAM = f"arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeVoiceConnector-{CONNECTOR}-94709a8e/1680731924044"
SESSION = RecordedSession(CONNECTOR, "call-1@10.0.0.1", "transaction-1", "+15550100", METADATA)
LEG = LegOnAir(STREAM, "1", 0, False, STARTED_MS, "91343")


def event(detail: dict[str, Any], time: str = "2026-09-21T14:13:21Z") -> dict[str, Any]:
    return {
        "version": "0",
        "detail-type": "Chime VoiceConnector Streaming Status",
        "source": "aws.chime",
        "account": "111122223333",
        "time": time,
        "region": "us-east-1",
        "detail": detail,
    }


STARTED = streaming_detail(Status.STARTED, SESSION, LEG)


def test_the_metadata_says_who_speaks_in_which_stream() -> None:
    found = read_metadata(METADATA)
    assert [each.names for each in found.participants] == [("emma",), ("+15550100",)]
    assert found.labels_in_order == ("1", "2") and found.fields == {"AmznConnectAgentUserId": "agent-7"}
    sender = found.sender_of("2")
    assert sender is not None and sender.id == "p2"


@pytest.mark.parametrize(
    "address, user",
    [
        ("sip:emma@pbx", "emma"), ("SIPS:emma%20b@pbx", "emma b"), ("tel:+15550100;ext=7", "+15550100"),
        ("4711", "4711"), ("sip:@pbx", ""), ("", ""),
    ],
)  # fmt: skip
def test_who_somebody_is_stands_before_the_at_sign(address: str, user: str) -> None:
    assert user_of(address) == user


def test_metadata_of_other_namespaces_and_with_attributes_of_other_names_is_read_too() -> None:
    found = read_metadata(
        "<rs:recording xmlns:rs='urn:ietf:params:xml:ns:recording'><rs:participant id='a'>"
        "<rs:nameID aor='sip:emma@pbx'/><rs:send>s</rs:send></rs:participant>"
        "<rs:stream id='s'><rs:label>9</rs:label></rs:stream></rs:recording>"
    )
    sender = found.sender_of("9")
    assert sender is not None and sender.names == ("emma",)


BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><recording>&j;</recording>"
)


@pytest.mark.parametrize(
    "hostile",
    [
        BILLION_LAUGHS,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><recording><label>&x;</label></recording>',
        '<!DOCTYPE r SYSTEM "http://example.com/evil.dtd"><recording/>',
        "<a>" * 100_000,
        "<recording>" + "<a/>" * 5_000 + "</recording>",
        "x" * 300_000,
        '<&xml version="1.0" encoding="UTF-8"&>;\r\n<recording',
        "",
        "<recording><label>&undefined;</label></recording>",
    ],
)
def test_hostile_metadata_is_refused_at_once(hostile: str) -> None:
    began = time.process_time()
    with pytest.raises(MetadataRefused) as refused:
        read_metadata(hostile)
    assert time.process_time() - began < 5 and len(str(refused.value)) < 200


@given(st.text(max_size=300))
def test_any_text_is_metadata_or_refused(text: str) -> None:
    for written in (text, f"<recording>{text}</recording>"):
        try:
            assert isinstance(read_metadata(written), SessionMetadata)
        except MetadataRefused as refused:
            assert len(text) < 20 or text not in str(refused)


def test_a_start_holds_all_of_its_leg() -> None:
    parsed = StreamingEvent.parsed(event(STARTED))
    assert (parsed.status, parsed.voice_connector, parsed.call_id) == (Status.STARTED, CONNECTOR, "call-1@10.0.0.1")
    assert parsed.connector_arn == f"arn:aws:chime:us-east-1:111122223333:vc/{CONNECTOR}"
    assert parsed.caller == "+15550100" and not parsed.unreadable
    leg = parsed.leg
    assert leg is not None and (leg.stream_arn, leg.label, leg.index, leg.is_caller) == (STREAM, "1", 0, False)
    assert (leg.started_at_ms, leg.ended_at_ms) == (STARTED_MS, None)


def test_an_update_has_no_leg_and_a_failure_not_even_metadata() -> None:
    updated = StreamingEvent.parsed(event(update_detail(SESSION, METADATA)))
    assert updated.leg is None and updated.metadata is not None
    failed = StreamingEvent.parsed(event(failure_detail(SESSION, STARTED_MS)))
    assert (failed.leg, failed.metadata, failed.status) == (None, None, Status.FAILED)


@pytest.mark.parametrize("start", ["2026-09-20T14:13:20Z", "2026-09-22T14:13:20Z", "soon", None, "2026-09-21T14:13:20"])
def test_a_start_by_a_clock_that_is_a_day_off_counts_from_the_events_time(start: str | None) -> None:
    leg = StreamingEvent.parsed(event({**STARTED, "startTime": start})).leg
    assert leg is not None and leg.started_at_ms == 1_790_000_001_000.0


@pytest.mark.parametrize("end", ["2026-09-20T14:13:20Z", "2026-09-22T14:13:20Z", None])
def test_an_end_by_a_clock_that_is_a_day_off_counts_from_the_events_time(end: str | None) -> None:
    ended = {**streaming_detail(Status.ENDED, SESSION, LEG, ended_at_ms=STARTED_MS), "endTime": end}
    leg = StreamingEvent.parsed(event(ended)).leg
    assert leg is not None and leg.ended_at_ms == 1_790_000_001_000.0


def test_metadata_that_cannot_be_read_harms_nothing_else() -> None:
    parsed = StreamingEvent.parsed(event({**STARTED, "siprecMetadata": BILLION_LAUGHS}))
    assert parsed.leg is not None and parsed.metadata is None and "document type" in parsed.unreadable


@pytest.mark.parametrize(
    "wrong, named",
    [
        ({"streamArn": STREAM.replace(CONNECTOR, "another0connector")}, "streamArn"),
        ({"streamArn": "arn:aws:kinesisvideo:us-east-1:1:stream/sotto-connect-a-contact-b/1"}, "streamArn"),
        ({"streamingStatus": "PAUSED"}, "streamingStatus"),
        ({"voiceConnectorId": "a/b"}, "voiceConnectorId"),
        ({"callId": None}, "callId"),
        ({"mediaType": "audio/opus"}, "mediaType"),
    ],
)
def test_what_is_no_event_of_a_stream_is_refused_by_the_fields_name(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(NotAStreamingEvent, match=named) as refused:
        StreamingEvent.parsed(event({**STARTED, **wrong}))
    assert "another0" not in str(refused.value) and "PAUSED" not in str(refused.value)


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"detail": 7}, {"detail": {}}, event(STARTED, "yesterday")])
def test_anything_else_is_refused(odd: Any) -> None:
    with pytest.raises(NotAStreamingEvent):
        StreamingEvent.parsed(odd)
