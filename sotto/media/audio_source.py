"""How an audio worker gets to hear a contact."""

from __future__ import annotations

from sotto.call.contact import Contact
from sotto.core.clock import Clock
from sotto.media.media_source import MediaSource
from sotto.media.stream_reader import StreamReader, listen
from sotto.media.timeline import Resumption


class MediaAudioSource:
    """Hears contacts through one media source."""

    def __init__(self, media: MediaSource, clock: Clock) -> None:
        self._media = media
        self._clock = clock

    def listen(self, contact: Contact, resumption: Resumption) -> StreamReader:
        """Chunks from the resumption's sample on."""
        return listen(contact, self._media, self._clock, resumption=resumption)
