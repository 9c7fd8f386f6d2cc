"""What every provider of text must do, as a class of tests to inherit.

A subclass gives ``generator`` and ``provider``, with which a test says what becomes of the next request (fixtures).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pytest

from sotto.generation.generator import (
    CutOff,
    Generator,
    GeneratorBusy,
    GeneratorLate,
    GeneratorRefused,
    GeneratorUnavailable,
    Prompt,
    PromptMessage,
    TokenTally,
)

PROMPT = Prompt((PromptMessage("system", "be brief"), PromptMessage("user", "Grüße")), 50, {"type": "object"})
WORDS = ('{"text"', ': "Für alle ✓",', ' "citations": [1]}')
TENANT = "harbour_bank"


class Provider(Protocol):
    """What the provider does with the next request."""

    def writes(self, pieces: Sequence[str]) -> None: ...

    def stalls(self) -> None:
        """After a part of the text."""

    def breaks_off(self) -> None:
        """After a part of the text."""

    def fails(self, meaning: type[Exception]) -> None:
        """GeneratorBusy, GeneratorRefused or GeneratorLate, in the provider's own way."""


def text_of(generator: Generator, timeout_ms: float = 5_000) -> tuple[str, TokenTally]:
    tally = TokenTally()
    return tally.text(generator.generate(PROMPT, tenant=TENANT, timeout_ms=timeout_ms)), tally


class GeneratorContract:
    def test_a_text_arrives_whole_with_its_token_counts(self, generator: Generator, provider: Provider) -> None:
        provider.writes(WORDS)
        text, tally = text_of(generator)
        assert text == "".join(WORDS)
        assert tally.usage.prompt_tokens > 0 and tally.usage.completion_tokens > 0

    def test_nothing_is_asked_before_the_first_piece_is(self, generator: Generator, provider: Provider) -> None:
        generator.generate(PROMPT, tenant=TENANT, timeout_ms=5_000)
        provider.writes(WORDS)
        assert text_of(generator)[0] == "".join(WORDS)

    def test_a_provider_that_stalls_is_late(self, generator: Generator, provider: Provider) -> None:
        provider.stalls()
        with pytest.raises(GeneratorLate):
            text_of(generator, timeout_ms=200)

    def test_a_stream_that_breaks_off_is_no_answer(self, generator: Generator, provider: Provider) -> None:
        provider.breaks_off()
        with pytest.raises(CutOff):
            text_of(generator)

    @pytest.mark.parametrize("meaning", [GeneratorBusy, GeneratorUnavailable, GeneratorRefused, GeneratorLate])
    def test_a_failure_says_what_can_be_done_and_the_next_request_is_another(
        self, generator: Generator, provider: Provider, meaning: type[Exception]
    ) -> None:
        provider.fails(meaning)
        with pytest.raises(meaning):
            text_of(generator)
        provider.writes(WORDS)
        assert text_of(generator)[0] == "".join(WORDS)

    def test_a_reader_that_leaves_ends_the_request(self, generator: Generator, provider: Provider) -> None:
        provider.stalls()
        pieces = generator.generate(PROMPT, tenant=TENANT, timeout_ms=5_000)
        next(pieces)
        pieces.close()
        provider.writes(WORDS)
        assert text_of(generator)[0] == "".join(WORDS)
