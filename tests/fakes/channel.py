"""A channel that keeps what it was given, and can be made to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sotto.realtime.channel import AgentAssignment, ChannelUnavailable, MessageKind, PanelMessage


@dataclass
class ChannelInMemory:
    """A Channel. While ``down`` it refuses everything."""

    messages: list[PanelMessage] = field(default_factory=list)
    assignments: list[AgentAssignment] = field(default_factory=list)
    down: bool = False

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        self._check()
        self.messages.extend(messages)

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        self._check()
        self.assignments.extend(assignments)

    def of_kind(self, kind: MessageKind) -> list[PanelMessage]:
        return [message for message in self.messages if message.kind is kind]

    def _check(self) -> None:
        if self.down:
            raise ChannelUnavailable("the channel in memory is down")
