"""What a caller may ask of the decoder, checked field by field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sotto.core.errors import Rejected

LONGEST_PROMPT = 200_000
"""Characters; the model's own limit is in tokens and checked once they are known."""
MOST_TOKENS = 4_096


class InvalidGenerationRequest(Rejected):
    """The message names the field and the fix."""


class ChatMessage(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    role: Literal["system", "user", "assistant"]
    content: str


class GenerationRequest(BaseModel):
    """``temperature`` 0 takes the likeliest token at each step. ``json_schema`` lets only matching text through."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    prompt: str | None = Field(default=None, min_length=1, max_length=LONGEST_PROMPT)
    messages: tuple[ChatMessage, ...] | None = Field(default=None, min_length=1, max_length=200)
    tenant: str | None = None
    max_tokens: int = Field(default=256, ge=1, le=MOST_TOKENS)
    temperature: float = Field(default=0.0, ge=0, le=2, allow_inf_nan=False)
    top_p: float = Field(default=1.0, gt=0, le=1, allow_inf_nan=False)
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    stop: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(default=(), max_length=8)
    json_schema: dict[str, Any] | None = None
    stream: bool = False

    @model_validator(mode="after")
    def _one_prompt(self) -> GenerationRequest:
        if (self.prompt is None) == (self.messages is None):
            raise ValueError("give either prompt or messages")
        if sum(len(message.content) for message in self.messages or ()) > LONGEST_PROMPT:
            raise ValueError(f"messages hold more than {LONGEST_PROMPT} characters")
        return self


def read_request(body: Any) -> GenerationRequest:
    try:
        return GenerationRequest.model_validate(body)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise InvalidGenerationRequest(wrong) from None
