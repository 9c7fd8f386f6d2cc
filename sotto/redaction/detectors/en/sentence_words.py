"""Words that make a sentence: what has them is talk, not a code, a password or a name that was asked for."""

from __future__ import annotations

from sotto.redaction.detectors.vocabulary import words_of

SENTENCE_WORDS = words_of(
    "i i'm i've i'd i'll me my mine you you're you've your yours he she we we're we've us our they they're them their",
    "it its this these those there that's what what's which who whose whom where when why how",
    "is isn't are aren't was wasn't were weren't am be been being do don't does doesn't did didn't done have haven't",
    "has hasn't had hadn't will won't would wouldn't can can't cannot could couldn't should shouldn't must may might",
    "want wants wanted need needs needed like get got give gave go going make made take took know knew think thought",
    "tell told say said ask asked see let put keep use used try tried help find found look looking seem seems",
    "the an of with about because if than from into after before until since while but although though so just",
    "not never no any some every each all more most other another anybody anyone somebody someone something anything",
)
STATEMENT_OPENERS = words_of(
    "i i'm i've i'd i'll we you he she they it it's there that that's this my your the a an can could would will",
    "do does did please thanks thank is are what who where when why how let or",
)
"""After "and", "so" or "but" a new clause begins with one of these."""
