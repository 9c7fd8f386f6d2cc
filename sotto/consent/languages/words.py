"""What a language gives, so that what is said about being recorded is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords:
    """Patterns over text in lower case with straight apostrophes and single spaces."""

    recording: re.Pattern[str]
    """To record, and to be recorded."""
    asked: re.Pattern[str]
    """Somebody asks for, or announces, recording."""
    refusal: re.Pattern[str]
    double_negative: re.Pattern[str]
    """A refusal's words with a consent's meaning: "I don't mind being recorded"."""
    consent: re.Pattern[str]
    """Counts beside ``recording``, or as the answer to who asked."""
    yes: re.Pattern[str]
    """How an answer begins that is one; so is ``no``."""
    no: re.Pattern[str]
    about_others: re.Pattern[str]
    """The same words about something else, such as medical records."""
