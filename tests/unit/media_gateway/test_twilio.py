"""Unit: Twilio's messages become audio at its place; what is wrong is passed over or refused, and starts nothing."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from media_gateway.mulaw import decoded
from media_gateway.protocols.protocol import (
    AudioCame,
    CallBegan,
    CallOver,
    GatewayEntry,
    Handshake,
    NotAuthenticated,
    ProtocolBroken,
)
from media_gateway.protocols.twilio import MOST_MALFORMED, TwilioProtocol
from media_gateway.protocols.twilio_signature import Twilio, is_signed, signature
from sotto.call.contact import CHANNELS, Speaker

ACCOUNT, STREAM = "AC" + "1" * 32, "MZ" + "2" * 32
START = {
    "accountSid": ACCOUNT,
    "streamSid": STREAM,
    "callSid": "CA1",
    "tracks": ["inbound", "outbound"],
    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    "customParameters": {"agent": "emma", "queue": "Loans", "caller": "+15550100"},
}


def start(**changed: Any) -> str:
    return json.dumps({"event": "start", "streamSid": STREAM, "start": {**START, **changed}})


def media(chunk: int, *, at_ms: int | None = None, track: str = "inbound", stream: str = STREAM) -> str:
    payload = base64.b64encode(bytes([chunk % 256]) * 160).decode()
    about = {"track": track, "chunk": str(chunk), "timestamp": str(20 * (chunk - 1) if at_ms is None else at_ms)}
    return json.dumps({"event": "media", "streamSid": stream, "media": {**about, "payload": payload}})


def begun(account: str = ACCOUNT) -> TwilioProtocol:
    protocol = TwilioProtocol(account)
    assert protocol.received(json.dumps({"event": "connected", "protocol": "Call"})) == []
    assert isinstance(protocol.received(start())[0], CallBegan)
    return protocol


def places(protocol: TwilioProtocol, *messages: str) -> list[int]:
    found = [each for message in messages for each in protocol.received(message)]
    assert all(isinstance(each, AudioCame) for each in found)
    return [each.at for each in found if isinstance(each, AudioCame)]


def test_start_says_whose_call_it_is() -> None:
    (began,) = TwilioProtocol(ACCOUNT).received(start())
    assert began == CallBegan("CA1", "emma", "Loans", "+15550100", frozenset(CHANNELS))


def test_inbound_is_the_customer_and_outbound_the_agent_decoded() -> None:
    protocol = begun()
    ((customer,), (agent,)) = (protocol.received(media(1)), protocol.received(media(2, at_ms=0, track="outbound")))
    assert customer == AudioCame(Speaker.CUSTOMER, 0, decoded(b"\x01" * 160))
    assert isinstance(agent, AudioCame) and agent.speaker is Speaker.AGENT


def test_stop_ends_the_call_and_what_follows_is_nothing() -> None:
    protocol = begun()
    stop = json.dumps({"event": "stop", "streamSid": STREAM, "stop": {"callSid": "CA1"}})
    assert protocol.received(stop) == [CallOver()] and protocol.received(media(1)) == []


def test_out_of_order_and_doubled_packets_have_their_places() -> None:
    protocol = begun()
    assert places(protocol, media(1), media(3), media(2), media(2), media(4)) == [0, 320, 160, 480]
    assert protocol.counts.doubled == 1


def test_stamps_that_are_rounded_leave_no_seam() -> None:
    stamps = [0, 21, 39, 60, 84, 100]
    messages = [media(number, at_ms=at) for number, at in enumerate(stamps, start=1)]
    assert places(begun(), *messages) == [0, 160, 320, 480, 640, 800]


def test_numbers_that_both_sides_share_leave_no_seam() -> None:
    messages = [
        media(2 * at + side, at_ms=20 * at, track=track)
        for at in range(4)
        for side, track in enumerate(("inbound", "outbound"), start=1)
    ]
    assert places(begun(), *messages) == [0, 0, 160, 160, 320, 320, 480, 480]


def test_packets_that_are_lost_leave_their_time() -> None:
    assert places(begun(), media(1), media(11)) == [0, 1_600]


def test_a_clock_that_jumps_a_day_changes_no_place() -> None:
    protocol, day = begun(), 86_400_000
    ahead = [media(3, at_ms=day + 40), media(4, at_ms=day + 60), media(4, at_ms=day + 60, track="outbound")]
    assert places(protocol, media(1), media(2), *ahead) == [0, 160, 320, 480, 480]
    assert places(protocol, media(5, at_ms=80)) == [640]
    assert protocol.counts.jumps == 2


def test_a_second_call_on_the_socket_is_passed_over() -> None:
    protocol, other = begun(), "MZ" + "9" * 32
    second = json.dumps({"event": "start", "streamSid": other, "start": {**START, "streamSid": other}})
    assert protocol.received(second) == [] == protocol.received(media(1, stream=other))
    assert places(protocol, media(1)) == [0] and protocol.counts.foreign == 2


@pytest.mark.parametrize(
    "message",
    [
        media(1),
        json.dumps({"event": "stop", "streamSid": STREAM}),
        "no json",
        "[]",
        "[" * 100_000,
        json.dumps({"event": "other"}),
        start(accountSid="AC" + "9" * 32),
        start(callSid=""),
        start(callSid="CA/../1"),
        start(mediaFormat={"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1}),
        start(mediaFormat={"encoding": "audio/L16", "sampleRate": 8000, "channels": 1}),
    ],
)
def test_what_is_no_beginning_of_a_call_is_refused(message: str) -> None:
    with pytest.raises(ProtocolBroken):
        TwilioProtocol(ACCOUNT).received(message)


@pytest.mark.parametrize(
    "wrong",
    [
        {"track": "both"}, {"timestamp": "-1"}, {"timestamp": None}, {"payload": "***"}, {"payload": ""},
        {"payload": 7}, {"payload": base64.b64encode(bytes(9_000)).decode()},
    ],
)  # fmt: skip
def test_a_packet_that_is_wrong_is_passed_over_and_too_many_end_the_call(wrong: dict[str, Any]) -> None:
    protocol, message = begun(), json.loads(media(1))
    message["media"] |= wrong
    for _ in range(MOST_MALFORMED):
        assert protocol.received(json.dumps(message)) == []
    assert places(protocol, media(1)) == [0]
    with pytest.raises(ProtocolBroken):
        protocol.received(json.dumps(message))


def test_telnyx_writes_the_same_with_underscores() -> None:
    telnyx = {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}
    protocol = TwilioProtocol("")
    started = {
        "event": "start",
        "stream_id": STREAM,
        "start": {
            "call_control_id": "v3:abc",
            "media_format": telnyx,
        },
    }
    (began,) = protocol.received(json.dumps(started))
    assert isinstance(began, CallBegan) and began.call_id == "v3:abc"
    packet = json.loads(media(1))
    packet["stream_id"] = packet.pop("streamSid")
    assert len(protocol.received(json.dumps(packet))) == 1


def test_the_signature_is_the_one_that_twilio_documents() -> None:
    """As OpenSSL has it: ``printf %s ADDRESS | openssl dgst -sha1 -hmac 12345 -binary | base64``."""
    assert signature("wss://media.example.com/twilio/main", "12345") == KNOWN


KNOWN = "/e5y7QeNHb20K9VQOs/gzTMYcd0="


def test_only_this_address_and_this_token_are_signed() -> None:
    address = "wss://media.example.com/twilio/main"
    good = signature(address, "token")
    assert is_signed(address, good, "token")
    assert is_signed(address, signature("wss://media.example.com:443/twilio/main", "token"), "token")
    assert not is_signed(address, good, "other") and not is_signed(address + "x", good, "token")
    assert not is_signed(address, signature(address.replace("wss", "https"), "token"), "token")


def test_a_secret_may_hold_two_tokens_while_one_is_replaced() -> None:
    entry = GatewayEntry("main", "twilio", "bank", ACCOUNT, "arn")
    headers = {"x-twilio-signature": signature("wss://media.example.com/twilio/main", "new")}
    handshake = Handshake("media.example.com", "/twilio/main", headers)
    Twilio().authenticate(handshake, "old new", entry, 0.0)
    with pytest.raises(NotAuthenticated):
        Twilio().authenticate(handshake, "old", entry, 0.0)
    with pytest.raises(NotAuthenticated):
        Twilio().authenticate(Handshake("media.example.com", "/twilio/main", {}), "new", entry, 0.0)


@pytest.mark.parametrize(("code", "sample"), [(0xFF, 0), (0x7F, 0), (0x80, 32_124), (0x00, -32_124), (0xFE, 8)])
def test_mu_law_is_decoded_as_g711_has_it(code: int, sample: int) -> None:
    assert int.from_bytes(decoded(bytes([code])), "little", signed=True) == sample
