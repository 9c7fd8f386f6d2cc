"""What the embedded recogniser understands: the model is Whisper tiny.en."""

from __future__ import annotations

from sotto.call.language import LanguageSet

LANGUAGES = LanguageSet(("en",))
