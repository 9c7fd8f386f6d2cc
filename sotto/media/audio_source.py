"""Where an audio worker gets a contact's audio."""

from __future__ import annotations

from sotto.call.contact import Contact
from sotto.core.clock import Clock
from sotto.media.media_source import MediaSource
from sotto.media.stream_reader import StreamReader
from sotto.media.timeline import Resumption


class MediaAudioSource:
    """Contacts' audio out of one media source."""

    def __init__(self, media: MediaSource, clock: Clock) -> None:
        self._media = media
        self._clock = clock

    def open(self, contact: Contact, resumption: Resumption) -> StreamReader:
        """Chunks from the resumption's sample on."""
        return StreamReader(contact, self._media, self._clock, resumption=resumption)
