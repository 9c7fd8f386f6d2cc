"""Which providers write, in which order, at what price: read from the environment, off when nothing is said.

SOTTO_GENERATION          shard,bedrock,openai    the order; empty or absent: nobody writes
SOTTO_BEDROCK_MODEL       the model's or inference profile's id
SOTTO_BEDROCK_SHAPE       how it is held to the form of the answer: tool (default), schema or words, by what it supports
SOTTO_OPENAI_URL          such as https://api.fireworks.ai/inference/v1
SOTTO_OPENAI_MODEL        the host's name of the model
SOTTO_OPENAI_SECRET       name or ARN of the secret that holds the host's API key
SOTTO_GENERATION_PRICES   bedrock=0.25/1.25,openai=0.2/0.2   US dollars for a million tokens, prompt/completion
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sotto.core.errors import Rejected
from sotto.core.residency import bedrock_place
from sotto.generation.account import Price

Shape = Literal["tool", "schema", "words"]
"""How a model on Bedrock is held to a JSON schema.

tool     it must call one tool, whose input has the schema: https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html
schema   structured output: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
words    it is only told in the prompt: for models that support neither
"""
SHAPES: tuple[Shape, ...] = ("tool", "schema", "words")
SHARD, BEDROCK, OPENAI = "shard", "bedrock", "openai"
_NEEDED = {
    SHARD: (),
    BEDROCK: ("SOTTO_BEDROCK_MODEL",),
    OPENAI: ("SOTTO_OPENAI_URL", "SOTTO_OPENAI_MODEL", "SOTTO_OPENAI_SECRET"),
}


class WrongSetting(Rejected):
    """The message names the environment variable and the fix."""


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    order: tuple[str, ...] = ()
    bedrock_model: str = ""
    bedrock_shape: Shape = "tool"
    openai_url: str = ""
    openai_model: str = ""
    openai_secret: str = ""
    prices: Mapping[str, Price] = field(default_factory=dict)

    def place(self, provider: str, region: str) -> str:
        """Where it is asked (sotto.core.residency)."""
        if provider == BEDROCK:
            return bedrock_place(self.bedrock_model, region)
        return self.openai_url if provider == OPENAI else region

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GenerationSettings:
        """Raises WrongSetting."""
        written = environment.get("SOTTO_GENERATION", "")
        order = tuple(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
        for name in order:
            if name not in _NEEDED:
                raise WrongSetting(
                    f"SOTTO_GENERATION: there is no provider {name!r}; write some of {', '.join(_NEEDED)}"
                )
            for variable in _NEEDED[name]:
                if not environment.get(variable):
                    raise WrongSetting(f"SOTTO_GENERATION names {name}: set {variable} too")
        return cls(
            order=order,
            bedrock_model=environment.get("SOTTO_BEDROCK_MODEL", ""),
            bedrock_shape=_shape(environment.get("SOTTO_BEDROCK_SHAPE") or "tool"),
            openai_url=environment.get("SOTTO_OPENAI_URL", ""),
            openai_model=environment.get("SOTTO_OPENAI_MODEL", ""),
            openai_secret=environment.get("SOTTO_OPENAI_SECRET", ""),
            prices=_prices(environment.get("SOTTO_GENERATION_PRICES", "")),
        )


def _shape(written: str) -> Shape:
    for shape in SHAPES:
        if shape == written:
            return shape
    raise WrongSetting(f"SOTTO_BEDROCK_SHAPE: there is no {written!r}; write one of {', '.join(SHAPES)}")


def _prices(written: str) -> dict[str, Price]:
    try:
        return {name.strip(): _price(price) for name, price in (part.split("=") for part in written.split(",") if part)}
    except ValueError:
        raise WrongSetting("SOTTO_GENERATION_PRICES: write it like bedrock=0.25/1.25,openai=0.2/0.2") from None


def _price(written: str) -> Price:
    prompt, completion = written.split("/")
    return Price(float(prompt), float(completion))
