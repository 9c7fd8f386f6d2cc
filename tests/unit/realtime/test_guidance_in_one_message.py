"""Unit: what a round led to is one message, and its parts where one would be too large."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sotto.call.annotation import Annotation, AnnotationKind, Checklist, ChecklistItem
from sotto.realtime.channel import MessageKind
from sotto.realtime.frames import LARGEST_MESSAGE_BYTES
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.realtime.shapes import message_shape
from tests.fakes.channel import ChannelInMemory

FIRST = Annotation("bank", "c1", "a1", 1, AnnotationKind.MOMENT, "cancel_risk", 4_000, "u1", 0.9)
SECOND, THIRD = replace(FIRST, id="a2", seq=2), replace(FIRST, id="a3", seq=3)
CHECKLIST = Checklist("bank", "c1", (ChecklistItem("duties", "greeting", "Greet", "done"),), 7, 4_000)


def shown(
    *annotations: Annotation, checklist: Checklist | None = None, **given: Any
) -> tuple[ChannelInMemory, list[str]]:
    channel, failed = ChannelInMemory(**given), list[str]()
    PanelPublisher(channel, failed.append).show(annotations, checklist)
    return channel, failed


def test_a_round_is_one_message_of_its_last_annotation() -> None:
    channel, failed = shown(FIRST, SECOND, THIRD, checklist=CHECKLIST)
    (message,) = channel.messages
    assert (message.kind, message.seq) == (MessageKind.ANNOTATION, 3)
    shape = message_shape(message)
    assert [each["seq"] for each in shape["before"]] == [1, 2]
    assert (shape["annotation"]["seq"], shape["checklistSeq"], shape["checklist"][0]["state"]) == (3, 7, "DONE")
    assert not failed


def test_a_single_annotation_and_a_checklist_alone_are_what_they_were() -> None:
    assert set(message_shape(shown(FIRST)[0].messages[0])) == {
        "tenant",
        "contactId",
        "kind",
        "seq",
        "atMs",
        "annotation",
    }
    (message,) = shown(checklist=CHECKLIST)[0].messages
    assert (message.kind, message.seq) == (MessageKind.CHECKLIST, 7)


def test_what_is_too_large_together_goes_in_parts() -> None:
    half = {"text": "x" * (LARGEST_MESSAGE_BYTES * 2 // 3)}
    channel, failed = shown(replace(FIRST, show=half), replace(SECOND, show=half), checklist=CHECKLIST)
    assert [(each.kind, each.seq) for each in channel.messages] == [
        (MessageKind.ANNOTATION, 1), (MessageKind.ANNOTATION, 2), (MessageKind.CHECKLIST, 7),
    ]  # fmt: skip
    assert not failed


def test_a_channel_that_is_down_is_asked_once_and_counted_once() -> None:
    channel = ChannelInMemory()
    channel.go_down()
    failed = list[str]()
    PanelPublisher(channel, failed.append).show([FIRST, SECOND], CHECKLIST)
    assert (failed, channel.asked) == (["guidance"], 1)
