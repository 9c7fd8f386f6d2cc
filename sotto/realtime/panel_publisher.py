"""Publishing that harms nobody: what does not get through is counted, and the panel fills its gaps by query."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sotto.call.annotation import Annotation, Checklist
from sotto.realtime.channel import (
    AgentAssignment,
    ChannelUnavailable,
    MessageTooLarge,
    PanelChannel,
    PanelMessage,
    annotation_message,
    checklist_message,
    guidance_message,
)


class PanelPublisher:
    """None of these calls raises. ``publish_failed`` gets the name of what did not get through, for metrics: what is
    stored is not lost. Calls block until the channel has accepted everything."""

    def __init__(self, channel: PanelChannel, publish_failed: Callable[[str], None]) -> None:
        self._channel = channel
        self._publish_failed = publish_failed

    def publish(self, messages: Sequence[PanelMessage], *, what: str) -> None:
        self._attempt(lambda: self._channel.publish(messages), what)

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        self._attempt(lambda: self._channel.assign(assignments), "assignment")

    def show(self, annotations: Sequence[Annotation], checklist: Checklist | None) -> None:
        """New guidance, as one message; ``checklist`` where it has changed. One that no channel would carry goes in
        its parts."""
        if annotations and (len(annotations) > 1 or checklist is not None):
            try:
                self._channel.publish([guidance_message(annotations, checklist)])
            except MessageTooLarge:
                pass
            except ChannelUnavailable:
                self._publish_failed("guidance")
                return
            else:
                return
        messages = [annotation_message(each, at_ms=each.at_ms) for each in annotations]
        if checklist is not None:
            messages.append(checklist_message(checklist))
        self.publish(messages, what="guidance")

    def _attempt(self, send: Callable[[], None], what: str) -> None:
        try:
            send()
        except (ChannelUnavailable, MessageTooLarge):
            self._publish_failed(what)
