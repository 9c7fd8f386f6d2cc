"""Who writes text, and what it is asked: the seam between prompts and providers."""

from __future__ import annotations

from collections.abc import Generator as Pieces
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sotto.core.errors import Rejected, Retryable

LONGEST_TEXT = 20_000
"""Characters; no provider is read further, whatever it was asked."""


class GeneratorUnavailable(Retryable):
    """No answer, an error of the provider's own, or one that cannot be read: counts against its circuit breaker."""


class GeneratorLate(Retryable):
    """Not finished within the time given: counts against the circuit breaker."""


class GeneratorBusy(Retryable):
    """Throttled, or the model is being loaded: the provider is healthy."""


class CutOff(GeneratorUnavailable):
    """The stream ended before the text did."""


class GeneratorRefused(Rejected):
    """The provider refused the request or the key: it would refuse it again."""


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """``json_schema``: what the text must match; for a provider that cannot enforce it, the prompt says so.
    ``template``: what it was made of and in which version, such as reply/2; for the record only."""

    messages: tuple[PromptMessage, ...]
    max_tokens: int
    json_schema: Mapping[str, Any] | None = None
    template: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the text; it may be empty. ``finish`` comes once: ``stop``, ``length`` or ``filtered``.

    ``model``: what exactly writes, as far as the provider says.
    """

    text: str = ""
    finish: str = ""
    usage: Usage | None = None
    model: str = ""


class Generator(Protocol):
    def generate(self, prompt: Prompt, *, tenant: str, timeout_ms: float) -> Pieces[TextDelta, None, None]:
        """Pieces as they are written. Closing the iterator ends the request.

        Raises one of the errors above, and nothing else, when asked for the first piece or later.
        """
        ...


class TokenTally:
    """What has arrived of one text: tokens are paid for also when the text is of no use."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.model = ""

    def text(self, pieces: Iterator[TextDelta]) -> str:
        """The whole text. Raises what ``pieces`` raises, CutOff and GeneratorRefused."""
        parts: list[str] = []
        length, finish = 0, ""
        for piece in pieces:
            parts.append(piece.text)
            length += len(piece.text)
            finish, self.usage, self.model = (
                piece.finish or finish,
                piece.usage or self.usage,
                piece.model or self.model,
            )
            if length > LONGEST_TEXT:
                raise CutOff(f"the text is longer than {LONGEST_TEXT} characters")
        if finish == "filtered":
            raise GeneratorRefused("the provider's filter withheld the text")
        if finish != "stop":
            raise CutOff(f"the text stopped before its end ({finish or 'the stream broke off'})")
        return "".join(parts)
