"""What was said, noticed and known before an utterance, out of the stores."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Protocol, TypeVar

from sotto.call.contact import ContactReader
from sotto.call.utterance import Utterance
from sotto.generation.conversation_so_far import ConversationSoFar, SpokenTurn
from sotto.guidance.deliver import Conversation
from sotto.guidance.moments import View, met
from sotto.tenants.book import BookReader, TenantBook
from sotto.tenants.playbook import Moment, PlaybookAction, moments_named_in

LONGEST_MS = 150.0
"""The text is asked for with what has been read by then."""
READS_AT_ONCE = 8

Read = TypeVar("Read")


class EarlierUtterancesReader(Protocol):
    def utterances_before(self, utterance: Utterance) -> tuple[Utterance, ...]:
        """Finals of this contact, the oldest first; empty when they cannot be known."""
        ...


class ConversationStates(Protocol):
    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        """Raises StorageUnavailable."""
        ...


class StoredConversation:
    """A ReadsConversation. Of this contact alone: what was said to an agent before a transfer is that agent's."""

    def __init__(
        self,
        earlier: EarlierUtterancesReader,
        states: ConversationStates,
        contacts: ContactReader,
        books: BookReader,
    ) -> None:
        self._earlier = earlier
        self._states = states
        self._contacts = contacts
        self._books = books
        self._threads = ThreadPoolExecutor(READS_AT_ONCE, thread_name_prefix="conversation-so-far")

    def before(self, utterance: Utterance) -> ConversationSoFar:
        turns = self._threads.submit(self._turns, utterance)
        moments = self._threads.submit(self._moments, utterance.tenant, utterance.contact_id)
        customer = self._threads.submit(self._customer, utterance.tenant, utterance.contact_id)
        reading: list[Future[object]] = [turns, moments, customer]  # type: ignore[list-item]  # Future is invariant
        wait(reading, LONGEST_MS / 1000)
        return ConversationSoFar(_read(turns, ()), _read(moments, ()), _read(customer, {}))

    def _turns(self, utterance: Utterance) -> tuple[SpokenTurn, ...]:
        last = replace(utterance, seq=utterance.seq or self._next_seq(utterance))
        return tuple(SpokenTurn(str(each.speaker), each.text) for each in self._earlier.utterances_before(last))

    def _next_seq(self, utterance: Utterance) -> int:
        """What has no number of its own, an interim or an agent's question, comes after all that was considered."""
        stored = self._states.conversation(utterance.tenant, utterance.contact_id)
        return max([stored.state.done_seq, *stored.state.ahead]) + 1 if stored is not None else 0

    def _moments(self, tenant: str, contact_id: str) -> tuple[str, ...]:
        stored = self._states.conversation(tenant, contact_id)
        return open_moments(self._books.current(tenant), stored) if stored is not None else ()

    def _customer(self, tenant: str, contact_id: str) -> Mapping[str, str]:
        contact = self._contacts.contact(tenant, contact_id)
        allowed = self._books.current(tenant).settings.text_attributes
        return {name: contact.attributes[name] for name in allowed if name in contact.attributes} if contact else {}


def open_moments(book: TenantBook, conversation: Conversation) -> tuple[str, ...]:
    """Titles, in the order in which they were noticed last. A moment is open until what an action shows for it has been
    done; quiet ones are for other definitions only."""
    state = conversation.state
    view = View(state, state.moments, state.now_ms)
    actions = [action for each in book.playbook.sets for action in each.actions]
    noticed = [
        (state.moments[moment.name][-1].at_ms, moment)
        for each in book.playbook.sets
        for moment in each.moments
        if moment.title and not moment.quiet and not moment.fact and state.moments.get(moment.name)
    ]
    ordered = sorted(noticed, key=lambda one: one[0])
    return tuple(moment.title for at_ms, moment in ordered if not _is_done(moment, at_ms, actions, view))


def _is_done(moment: Moment, since_ms: int, actions: list[PlaybookAction], view: View) -> bool:
    answering = [
        action.withdraw_when
        for action in actions
        if action.when is not None and action.withdraw_when is not None and moment.name in moments_named_in(action.when)
    ]
    return any(one.at_ms >= since_ms for condition in answering for one in met(condition, view))


def _read(reading: Future[Read], otherwise: Read) -> Read:
    """A store that fails or is slow costs its part, not the text."""
    if not reading.done():
        reading.cancel()
        return otherwise
    try:
        return reading.result()
    except Exception:  # a defect of a reader, too, is no reason to write nothing
        return otherwise
