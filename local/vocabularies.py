"""Custom vocabularies of Transcribe's for what was published. What goes wrong here costs words and no publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError

from sotto.recognition.adapters.transcribe_vocabulary import TranscribeVocabularies, VocabularyRefused
from sotto.tenants.book import TenantBook


def made_vocabularies(book: TenantBook, client: Callable[[], Any]) -> Iterator[str]:
    """One for each language of a tenant whose calls Transcribe may get; a line about each for whoever publishes."""
    if "transcribe" not in book.settings.recognisers:
        return
    vocabularies = TranscribeVocabularies(client())
    for language in book.settings.languages:
        try:
            name = vocabularies.put(book.tenant, language, book.speech_words)
        except (VocabularyRefused, BotoCoreError) as error:
            yield f"{error}; calls are transcribed without it"
            continue
        if name is not None:
            yield f"vocabulary {name}; Transcribe has it ready in some minutes"
