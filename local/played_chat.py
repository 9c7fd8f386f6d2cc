"""One chat played through the embedded stack, watched as the agent's panel sees it.

Yields the events of ``sotto chat --json``, which are those of a call without audio."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from local.aws.connect import ChatMessage, PlacedChat
from local.embedded import EmbeddedSotto
from local.faults import Fault
from local.played_call import CallPlan, GuidanceNotStarted, Watcher, contact_event
from local.watched_call import Event


@dataclass(frozen=True, slots=True)
class ChatPlan(CallPlan):
    messages: Sequence[ChatMessage] = ()


async def played_chat(plan: ChatPlan, sotto: EmbeddedSotto, contact_id: str = "") -> AsyncIterator[Event]:
    """Raises GuidanceNotStarted and PanelRefused. The events come as they happen."""
    contact_id = contact_id or str(uuid.uuid4())
    if plan.starts is not None:
        sotto.days.begin(contact_id, plan.starts)
    chat = await sotto.connect.place_chat(plan.caller, contact_id=contact_id)
    if chat.answer.get("guidance") != "started":
        raise GuidanceNotStarted(f"guidance was {chat.answer.get('guidance')}: {chat.answer.get('reason')}")
    yield contact_event(plan, contact_id, round(plan.messages[-1].at_s * 1000))
    watcher = ChatWatcher(plan, chat, sotto)
    async for event in watcher.events():
        yield event
    yield watcher.summary()


class ChatWatcher(Watcher[PlacedChat]):
    def __init__(self, plan: ChatPlan, chat: PlacedChat, sotto: EmbeddedSotto) -> None:
        super().__init__(plan, chat, sotto)
        self._messages = plan.messages

    async def _talk(self) -> None:
        await self._sotto.connect.play_chat(self._call, self._messages, speed=self._plan.speed)

    def summary(self) -> Event:
        """Each message is stored once; it is a failure where not."""
        made = super().summary()
        stored = len({each["id"] for each in self._stored.utterances})
        if stored != len(self._messages) or len(self._stored.utterances) != stored:
            kept = f"{len(self._stored.utterances)} messages are stored of {len(self._messages)} that were written"
            made["failures"] = [*made["failures"], kept]
        return made

    async def _break(self, fault: Fault) -> None:
        """A chat has no audio that could be dropped: nothing of it is broken."""
