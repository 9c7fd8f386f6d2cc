"""Whose audio it is: streams are reused across contacts, so nothing counts as ours until its fragment says so."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from sotto.media.mkv.fragments import Fragment


class Ownership(StrEnum):
    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class _Span:
    owner: Ownership
    start: int
    end: int
    number: str


class Isolation:
    """Keeps, for every fragment that was received, the samples that it covers and whether they are the contact's.

    A fragment with our ContactId is ours, one with another is foreign, and one without any is ours only when the next
    fragment that has one is ours as well as the last that had one: a stream carries one contact at a time. What is
    still unknown when the stream ends counts as foreign.
    """

    def __init__(self, *contact_ids: str) -> None:
        """More than one where a transfer leaves the stream as it was: the audio after it is the next contact's,
        whichever id its fragments have."""
        self._contact_ids = frozenset(contact_ids)
        self._spans: OrderedDict[int, _Span] = OrderedDict()
        self._last_named = Ownership.UNKNOWN
        self._changed = asyncio.Event()

    def of(self, fragment: Fragment) -> Ownership:
        """What the fragment itself says."""
        if not fragment.contact_id:
            return Ownership.UNKNOWN
        return Ownership.OURS if fragment.contact_id in self._contact_ids else Ownership.FOREIGN

    def received(self, fragment: Fragment, start_sample: int, samples: int) -> None:
        """A block of this fragment lies at these samples of call time."""
        span = self._spans.get(fragment.key)
        if span is None:
            owner = self.of(fragment)
            self._spans[fragment.key] = _Span(owner, start_sample, start_sample + samples, fragment.number)
        else:
            span.start = min(span.start, start_sample)
            span.end = max(span.end, start_sample + samples)

    def named(self, fragment: Fragment) -> None:
        """The fragment's ContactId is known: this decides it, and the fragments without one before it."""
        owner = self.of(fragment)
        between = Ownership.OURS if owner is self._last_named is Ownership.OURS else Ownership.FOREIGN
        for key, span in self._spans.items():
            if key < fragment.key and span.owner is Ownership.UNKNOWN:
                # A connection cut inside a fragment leaves it nameless; the next connection sends it again.
                span.owner = owner if span.number and span.number == fragment.number else between
        if fragment.key in self._spans:
            self._spans[fragment.key].owner = owner
        self._last_named = owner
        self._forget_ours(before=fragment.key)
        self._announce()

    def end(self) -> None:
        """Nothing more will come: what is unknown stays unpublished."""
        for span in self._spans.values():
            if span.owner is Ownership.UNKNOWN:
                span.owner = Ownership.FOREIGN
        self._announce()

    def known_owner(self, start_sample: int, end_sample: int) -> Ownership:
        """Whose these samples of call time are; silence between fragments is nobody's, hence ours."""
        owners = {s.owner for s in self._spans.values() if s.start < end_sample and start_sample < s.end}
        if Ownership.FOREIGN in owners:
            return Ownership.FOREIGN
        return Ownership.UNKNOWN if Ownership.UNKNOWN in owners else Ownership.OURS

    async def owner_of(self, start_sample: int, end_sample: int) -> Ownership:
        """Like ``known_owner``, once it is known."""
        while (owner := self.known_owner(start_sample, end_sample)) is Ownership.UNKNOWN:
            await self._changed.wait()
        return owner

    def _forget_ours(self, before: int) -> None:
        for key in [k for k, s in self._spans.items() if k < before and s.owner is Ownership.OURS]:
            del self._spans[key]

    def _announce(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()
