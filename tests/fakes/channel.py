"""A channel that keeps what it was given, and can be made to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.delivery.channel import Assignment, ChannelUnavailable, Message, MessageKind


@dataclass
class ChannelInMemory:
    """A Channel. While ``down`` it refuses everything."""

    messages: list[Message] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    down: bool = False

    def publish(self, messages: Sequence[Message]) -> None:
        self._check()
        self.messages.extend(messages)

    def assign(self, assignments: Sequence[Assignment]) -> None:
        self._check()
        self.assignments.extend(assignments)

    def of_kind(self, kind: MessageKind) -> list[Message]:
        return [message for message in self.messages if message.kind is kind]

    def _check(self) -> None:
        if self.down:
            raise ChannelUnavailable("the channel in memory is down")
