"""Unit: what is read of a vCon."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sotto.call.contact import Channel, Speaker
from sotto.imports.item import ItemMistaken, Reason
from sotto.imports.reading.manifest import Line, read_line
from sotto.imports.reading.vcon import read_vcon, with_what_the_line_says
from sotto.imports.source import ImportSource

NOW_MS = 1_790_000_000_000
SOURCE = ImportSource("bank", "archive", "a-bucket", "calls/")
START = "2024-03-05T10:00:00Z"
PARTIES = [{"tel": "tel:+441632960019"}, {"mailto": "mailto:emma@bank.example", "role": "agent"}]


def text(body: str, speaker: int, start: str = START, **more: Any) -> dict[str, Any]:
    return {"type": "text", "start": start, "parties": [0, 1], "originator": speaker, "encoding": "none",
            "body": body, **more}  # fmt: skip


def vcon(*dialogs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"vcon": "0.3.0", "uuid": "u-1", "parties": PARTIES, "dialog": list(dialogs), **more}


def read(written: Any) -> Any:
    return read_vcon(json.dumps(written).encode(), SOURCE, now_ms=NOW_MS)


def test_texts_are_a_chat_of_customer_and_agent() -> None:
    item = read(vcon(text("hello", 0), text("good day", 1, "2024-03-05T10:00:07Z")))
    assert (item.external_id, item.channel, item.agent) == ("u-1", Channel.CHAT, "emma")
    assert item.customer == "+441632960019" and item.started_at_ms == 1_709_632_800_000
    assert [(each.speaker, each.start_ms, each.text) for each in item.spoken] == [
        (Speaker.CUSTOMER, 0, "hello"), (Speaker.AGENT, 7_000, "good day"),
    ]  # fmt: skip


def test_of_two_parties_without_a_role_the_one_who_began_is_the_customer() -> None:
    found = read(vcon(text("hello", 1), text("good day", 0), parties=[{"tel": "+1"}, {"tel": "+2"}]))
    assert [each.speaker for each in found.spoken] == [Speaker.CUSTOMER, Speaker.AGENT] and found.customer == "+2"


def test_a_recording_within_it_is_a_call_with_its_channels_in_the_order_of_the_parties() -> None:
    body = base64.urlsafe_b64encode(b"RIFF and more").decode().rstrip("=")
    recording = {"type": "recording", "start": START, "parties": [1, 0], "encoding": "base64url", "body": body}
    item = read(vcon(recording))
    assert item.channel is Channel.VOICE and item.recorded.content == b"RIFF and more"
    assert item.recorded.agent_channel == 0


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([], Reason.NOT_A_VCON),
        ({"uuid": "u"}, Reason.NOT_A_VCON),
        (vcon(text("x", 0), uuid=""), Reason.NOT_A_VCON),
        (vcon(), Reason.NO_WORDS),
        ({"ciphertext": "x", "recipients": []}, Reason.ENCRYPTED),
        ({"payload": "x", "signatures": []}, Reason.SIGNED),
        (vcon({"type": "recording", "start": START, "url": "https://elsewhere.example/a.wav"}), Reason.ELSEWHERE),
        (vcon({"type": "recording", "start": START, "body": "x", "encoding": "none"}), Reason.NOT_A_VCON),
        (vcon(text("x", 0, "2099-01-01T00:00:00Z")), Reason.IN_THE_FUTURE),
    ],
)
def test_what_cannot_be_imported_says_why(written: Any, reason: Reason) -> None:
    with pytest.raises(ItemMistaken) as raised:
        read(written)
    assert raised.value.reason is reason


def test_what_a_manifest_says_of_a_vcon_counts() -> None:
    content = json.dumps({"id": "mine", "vcon": "a.vcon", "agent": "liam"}).encode()
    entry = read_line(Line(1, 0, len(content), content), SOURCE, now_ms=NOW_MS)
    item = with_what_the_line_says(read(vcon(text("hello", 0))), entry.item)
    assert entry.vcon == "a.vcon" and (item.external_id, item.agent, item.customer) == ("mine", "liam", "+441632960019")
