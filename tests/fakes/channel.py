"""A channel that keeps what it was given, and can be made to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.call.annotation import Annotation
from sotto.realtime.channel import (
    AgentAssignment,
    ChannelUnavailable,
    MessageKind,
    MessageTooLarge,
    PanelMessage,
)
from sotto.realtime.frames import LARGEST_MESSAGE_BYTES, as_schema, text_of
from sotto.realtime.shapes import message_shape


@dataclass
class ChannelInMemory:
    """A PanelChannel. ``failure`` is raised instead of accepting anything, ``message_failure`` only of messages;
    ``asked``: how often it was published to or assigned by."""

    messages: list[PanelMessage] = field(default_factory=list)
    assignments: list[AgentAssignment] = field(default_factory=list)
    failure: Exception | None = None
    message_failure: Exception | None = None
    asked: int = 0

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        self._ask(self.failure or self.message_failure)
        fitting = [each for each in messages if _size(each) <= LARGEST_MESSAGE_BYTES]
        self.messages.extend(fitting)
        if len(fitting) < len(messages):
            raise MessageTooLarge(f"message: more than {LARGEST_MESSAGE_BYTES} bytes")

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        self._ask(self.failure)
        self.assignments.extend(assignments)

    def of_kind(self, kind: MessageKind) -> list[PanelMessage]:
        return [message for message in self.messages if message.kind is kind]

    @property
    def annotations(self) -> list[Annotation]:
        """As they arrived, those that came in one message too."""
        published = self.of_kind(MessageKind.ANNOTATION)
        return [
            each for message in published for each in (*message.before, message.body) if isinstance(each, Annotation)
        ]

    def go_down(self) -> None:
        self.failure = ChannelUnavailable("the channel in memory is down")

    def _ask(self, failure: Exception | None) -> None:
        self.asked += 1
        if failure:
            raise failure


def _size(message: PanelMessage) -> int:
    return len(text_of(as_schema(message_shape(message))))
