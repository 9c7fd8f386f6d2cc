"""The words of a language that passwords and security answers are recognised by."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretWords:
    """The talk around passwords and security answers."""

    verbs: frozenset[str]
    """Before the secret: "is", "was"."""
    chosen: frozenset[str]
    chooser: frozenset[str]
    """ "I" in "I chose"."""
    hedges: frozenset[str]
    """What may stand between the announcement and the secret. Masked with it when a secret follows."""
    no_secret: frozenset[str]
    """What is said of a password, rather than as one: "is wrong", "was rejected", "is not working"."""
    courtesy: frozenset[str]
    """What stands around an answer."""
    says_nothing: frozenset[str]
    greeting: re.Pattern[str]
    led_in: re.Pattern[str]
    """What leads to an answer: "it is", "I think she was called"."""
    asks_for_a_word: re.Pattern[str]
    """At the end of an announcement that needs no verb: "maiden name Gray"."""
    sets: frozenset[str]
    set_to: frozenset[str]
    """ "I set the password to"."""
    with_or_as: frozenset[str]
    before_an_answer: frozenset[str]
    time_and_place: frozenset[str]
    talk: frozenset[str]
    """What has one of these is no secret."""
    clause_openers: frozenset[str]
    statement_openers: frozenset[str]
    """After a ``clause_opener`` a new clause begins with one of these."""
    ends_clause: frozenset[str]
    asks_of_you: frozenset[tuple[str, str]]
    own: frozenset[str]
    is_before: frozenset[str]
    """ "hunter two is my password"."""
    thanks: tuple[str, ...]
    tails: frozenset[tuple[str, ...]]
    """After an answer: "I think"."""
    words_of_one_letter: frozenset[str]
    spelled_with: frozenset[str] = frozenset({"for", "as"})
