"""Unit: AudioHook's messages and signatures. The vector is the public one of Genesys' documentation, which the
reference implementation (purecloudlabs/audiohook-reference-implementation) tests too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from media_gateway.mulaw import decoded
from media_gateway.protocols.audiohook import NOBODY, AudioHookProtocol
from media_gateway.protocols.audiohook_signature import Genesys
from media_gateway.protocols.protocol import (
    Answer,
    AudioCame,
    AudioPaused,
    CallBegan,
    CallEvent,
    CallOver,
    GatewayEntry,
    Handshake,
    NotAuthenticated,
    ProtocolBroken,
)
from sotto.call.contact import Speaker

ORGANIZATION, SESSION = "d7934305-0972-4844-938e-9060eef73d05", "30b0e395-84d3-4570-ac13-9a62d8f514c0"
CORRELATION = "e160e428-53e2-487c-977d-96989bf5c99d"
API_KEY, CREATED = "SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh", 1_641_013_200
SECRET = json.dumps({"api_key": API_KEY, "client_secret": "TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU="})
INPUT = (
    'sig1=("@request-target" "@authority" "audiohook-organization-id" "audiohook-session-id" '
    '"audiohook-correlation-id" "x-api-key");keyid="SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh";'
    'nonce="VGhpc0lzQVVuaXF1ZU5vbmNl";alg="hmac-sha256";created=1641013200;expires=3282026430'
)
HEADERS = {
    "audiohook-organization-id": ORGANIZATION,
    "audiohook-session-id": SESSION,
    "audiohook-correlation-id": CORRELATION,
    "x-api-key": API_KEY,
    "signature-input": INPUT,
    "signature": "sig1=:NZBwyBHRRyRoeLqy1IzOa9VYBuI8TgMFt2GRDkDuJh4=:",
}
ENTRY = GatewayEntry("main", "genesys", "bank", ORGANIZATION, "arn")


def authenticate(
    *,
    host: str = "audiohook.example.com",
    path: str = "/api/v1/voicebiometrics/ws",
    after_s: float = 3.0,
    **changed: str,
) -> None:
    headers = {**HEADERS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    Genesys().authenticate(Handshake(host, path, headers), SECRET, ENTRY, CREATED + after_s)


def test_the_documented_request_is_authentic() -> None:
    authenticate()


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "elsewhere.example.com"}, {"path": "/genesys/main"}, {"audiohook_session_id": NOBODY},
        {"audiohook_organization_id": NOBODY}, {"x_api_key": "other"}, {"signature": ""}, {"signature": "sig1=:AAAA:"},
        {"signature_input": ""}, {"signature_input": INPUT.replace(' "x-api-key"', "")},
        {"signature_input": INPUT.replace("hmac-sha256", "none")}, {"signature_input": "(" * 5_000},
        {"signature_input": INPUT.replace("3282026430", "3282026431")},
        {"signature_input": INPUT.replace("VGhpc0lzQVVuaXF1ZU5vbmNl", "short")},
        {"after_s": 11.0}, {"after_s": -11.0}, {"after_s": 86_400.0},
    ],
)  # fmt: skip
def test_whatever_is_changed_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        authenticate(**changed)


@pytest.mark.parametrize("secret", ["", "no json", "{}", '{"api_key": "", "client_secret": ""}', '["a"]'])
def test_a_secret_that_cannot_be_read_lets_nobody_in(secret: str) -> None:
    with pytest.raises(NotAuthenticated):
        handshake = Handshake("audiohook.example.com", "/api/v1/voicebiometrics/ws", HEADERS)
        Genesys().authenticate(handshake, secret, ENTRY, CREATED + 1.0)


class Session:
    """Genesys Cloud's side."""

    def __init__(self) -> None:
        self.protocol = AudioHookProtocol(ORGANIZATION, SESSION)
        self._seq = 0

    def says(self, kind: str, parameters: dict[str, Any] | None = None, **changed: Any) -> list[CallEvent]:
        self._seq += 1
        message: dict[str, Any] = {
            "version": "2",
            "id": SESSION,
            "type": kind,
            "seq": self._seq,
            "serverseq": 0,
            "position": "PT0S",
        }
        message["parameters"] = parameters or {}
        return self.protocol.received(json.dumps(message | changed))

    def opens(self, **changed: Any) -> list[CallEvent]:
        return self.says("open", {**OPEN, **changed})


OFFERS = [
    {"type": "audio", "format": "PCMU", "channels": ["external"], "rate": 8000},
    {"type": "audio", "format": "PCMU", "channels": ["external", "internal"], "rate": 8000},
]
OPEN = {
    "organizationId": ORGANIZATION,
    "conversationId": "c1",
    "participant": {"id": "p1", "ani": "+15550100", "aniName": "", "dnis": "+15550199"},
    "media": OFFERS,
    "language": "en-US",
    "customConfig": {"agent": "emma"},
}


def answered(event: CallEvent) -> dict[str, Any]:
    assert isinstance(event, Answer)
    found: dict[str, Any] = json.loads(event.text)
    return found


def test_a_session_is_opened_with_both_sides_and_its_frames_are_parted() -> None:
    session = Session()
    opened, began = session.opens()
    assert answered(opened)["type"] == "opened" and answered(opened)["parameters"]["media"] == [OFFERS[1]]
    assert isinstance(began, CallBegan) and (began.call_id, began.agent, began.caller) == ("c1/p1", "emma", "+15550100")
    assert session.protocol.received(b"\x01\x02" * 3) == [
        AudioCame(Speaker.CUSTOMER, 0, decoded(b"\x01" * 3)),
        AudioCame(Speaker.AGENT, 0, decoded(b"\x02" * 3)),
    ]
    assert [each.at for each in session.protocol.received(b"\x01\x02") if isinstance(each, AudioCame)] == [3, 3]


def test_pings_are_answered_and_a_close_ends_the_call() -> None:
    session = Session()
    session.opens()
    pong = answered(session.says("ping", {"rtt": "PT0.1S"})[0])
    assert (pong["type"], pong["seq"], pong["clientseq"]) == ("pong", 2, 2)
    closed, over = session.says("close", {"reason": "end"})
    assert answered(closed)["type"] == "closed" and over == CallOver()
    assert session.protocol.received(b"\x01\x02") == []


def test_a_pause_is_silence_as_long_as_it_says() -> None:
    session = Session()
    session.opens()
    session.protocol.received(bytes(3_200))
    assert session.says("paused") == [AudioPaused()]
    assert session.protocol.received(bytes(3_200)) == [] and session.protocol.counts.malformed == 1
    assert session.says("resumed", {"start": "PT0.2S", "discarded": "PT2.5S"}) == []
    assert [each.at for each in session.protocol.received(bytes(2)) if isinstance(each, AudioCame)] == [21_600, 21_600]


def test_discarded_audio_leaves_its_time() -> None:
    session = Session()
    session.opens()
    session.says("discarded", {"start": "PT0S", "discarded": "PT1S"})
    assert [each.at for each in session.protocol.received(bytes(2)) if isinstance(each, AudioCame)] == [8_000, 8_000]


def test_a_probe_is_answered_and_begins_nothing() -> None:
    session = Session()
    opened = session.opens(conversationId=NOBODY, participant={"id": NOBODY}, media=[])
    assert [answered(each)["type"] for each in opened] == ["opened"]
    closed, over = session.says("close")
    assert answered(closed)["type"] == "closed" and over == CallOver()


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("ping", {}), ("open", {"version": "1"}), ("open", {"id": NOBODY}), ("open", {"seq": 2}),
        ("open", {"seq": "1"}),
        ("open", {"serverseq": 1}), ("open", {"type": 7}), ("open", {"parameters": {}}),
        ("open", {"parameters": {**OPEN, "organizationId": NOBODY}}), ("open", {"parameters": {**OPEN, "media": []}}),
        ("open", {"parameters": {**OPEN, "media": [{**OFFERS[0], "format": "L16"}]}}),
        ("open", {"parameters": {**OPEN, "conversationId": "../../x"}}),
    ],
)  # fmt: skip
def test_what_is_no_beginning_of_a_session_is_refused(kind: str, changed: dict[str, Any]) -> None:
    with pytest.raises(ProtocolBroken):
        Session().says(kind, changed.pop("parameters", OPEN), **changed)


@pytest.mark.parametrize("message", ["", "[]", "null", "[" * 100_000, b"\x01\x02"])
def test_what_is_no_message_is_refused(message: str | bytes) -> None:
    with pytest.raises(ProtocolBroken):
        AudioHookProtocol(ORGANIZATION, SESSION).received(message)


def test_a_second_call_on_the_session_is_refused() -> None:
    session = Session()
    session.opens()
    with pytest.raises(ProtocolBroken):
        session.opens(conversationId="c2")
