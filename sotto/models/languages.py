"""Which languages models understand, where their package does not say otherwise (``languages`` of a tenant's model)."""

from __future__ import annotations

from sotto.call.language import EVERY_LANGUAGE, LanguageSet
from sotto.graph.node import WRITTEN

ENCODER = LanguageSet(("en",))
"""all-MiniLM-L6-v2, which every model that training makes stands on, was trained on English alone; the lexicon of
sentiment and the patterns of entities are English, too."""


def of_task(task: str) -> LanguageSet:
    """Texts are written by a language model that the tenant chose, in the language of the call."""
    return EVERY_LANGUAGE if task in WRITTEN else ENCODER
