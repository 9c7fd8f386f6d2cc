"""How an audio worker gets to hear a contact."""

from __future__ import annotations

from sotto.audio.listening import Listening, listen
from sotto.audio.media import MediaSource
from sotto.audio.timeline import Resumption
from sotto.clock import Clock
from sotto.contact.contact import Contact


class MediaEars:
    """Hears contacts through one media source."""

    def __init__(self, media: MediaSource, clock: Clock) -> None:
        self._media = media
        self._clock = clock

    def listen(self, contact: Contact, resumption: Resumption) -> Listening:
        """Chunks from the resumption's sample on."""
        return listen(contact, self._media, self._clock, resumption=resumption)
