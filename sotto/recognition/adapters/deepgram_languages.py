"""What Deepgram is asked for."""

from __future__ import annotations

from sotto.call.language import LanguageSet

LANGUAGES = LanguageSet((
    "en", "en-US", "en-GB", "en-AU", "en-IN", "en-NZ", "de", "de-CH", "es", "es-419", "fr", "fr-CA", "it", "nl",
    "nl-BE", "pt", "pt-BR", "pt-PT",
))  # fmt: skip
"""Some of those of nova-3, as it is asked for them: https://developers.deepgram.com/docs/models-languages-overview."""
