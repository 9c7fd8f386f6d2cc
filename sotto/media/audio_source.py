"""Where an audio worker gets a contact's audio."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sotto.call.contact import Contact, MediaLeg
from sotto.core.clock import Clock
from sotto.media.media_source import MediaSource
from sotto.media.stream_reader import StreamReader
from sotto.media.timeline import Resumption
from sotto.media.two_legs import TwoLegReader


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
        if contact.is_copied:

            def legs_by_now() -> tuple[MediaLeg, ...]:
                return (self._as_known(contact) or contact).legs

            return TwoLegReader(contact, self._media, self._clock, legs_by_now=legs_by_now, resumption=resumption)
        return StreamReader(contact, self._media, self._clock, resumption=resumption)
