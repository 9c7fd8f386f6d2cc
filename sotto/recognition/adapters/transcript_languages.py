"""A transcript is read in whatever language it is written."""

from __future__ import annotations

from sotto.call.language import EVERY_LANGUAGE

LANGUAGES = EVERY_LANGUAGE
