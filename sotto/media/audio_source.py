"""Where an audio worker gets a contact's audio."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sotto.call.contact import Contact, MediaLeg
from sotto.core.clock import Clock
from sotto.media.media_source import MediaSource
from sotto.media.stream_reader import StreamReader, StreamReaderRules
from sotto.media.timeline import Resumption, SamplePlacement
from sotto.media.two_legs import TwoLegReader

_WITHOUT_JUMPS = StreamReaderRules(placement=SamplePlacement(max_back_ms=24 * 3_600_000))
"""The gateway's clock is never set back: a fragment that lies before what was read is one that it sent again."""


class MediaAudioSource:
    """Contacts' audio out of one media source. ``as_known``: a contact with what is known of it by now; may block, and
    raises Retryable."""

    def __init__(
        self, media: MediaSource, clock: Clock, as_known: Callable[[Contact], Contact | None] = lambda contact: None
    ) -> None:
        self._media = media
        self._clock = clock
        self._as_known = as_known

    def open(
        self, contact: Contact, resumption: Resumption
    ) -> AbstractAsyncContextManager[StreamReader | TwoLegReader]:
        """Chunks from the resumption's sample on."""
        if contact.legs:

            def legs_by_now() -> tuple[MediaLeg, ...]:
                return (self._as_known(contact) or contact).legs

            return TwoLegReader(contact, self._media, self._clock, legs_by_now=legs_by_now, resumption=resumption)
        rules = _WITHOUT_JUMPS if contact.is_streamed else None
        return StreamReader(contact, self._media, self._clock, resumption=resumption, rules=rules)
