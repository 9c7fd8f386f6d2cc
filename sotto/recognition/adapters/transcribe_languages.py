"""What Amazon Transcribe is asked for."""

from __future__ import annotations

from sotto.call.language import LanguageSet

LANGUAGES = LanguageSet((
    "en-US", "en-GB", "en-AU", "en-IE", "en-IN", "en-NZ", "en-ZA", "de-DE", "de-CH", "es-US", "es-ES", "fr-FR", "fr-CA",
    "it-IT", "nl-NL", "pt-BR", "pt-PT",
))  # fmt: skip
"""Some of those that stream: https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html."""
