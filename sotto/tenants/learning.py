"""Whether and how a tenant's models learn from its calls: ``learning`` of tenant.yaml.

Consent to listen is no consent to learn: without this section nothing is learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

GRANTING = ("yes", "true", "granted")


class LearnFrom(StrEnum):
    NEVER = "never"
    ATTRIBUTE = "attribute"
    """Of calls whose contact attribute ``attribute`` has one of ``values``: the customer has agreed."""
    ALWAYS = "always"
    """The tenant has obtained consent to learn elsewhere."""


class Updates(StrEnum):
    """What becomes of a new version that passed its gates."""

    AUTO = "auto"
    """It gets its first share of calls by itself."""
    REVIEW = "review"
    """It waits for somebody to approve its release card."""
    OFF = "off"
    """None is trained."""


class LearningSettings(BaseModel):
    """``reviewers``: how many people must agree on an example before anything learns from it. ``silent_sample``: of how
    many utterances on which nothing was shown one is looked at, drawn evenly; 0: none."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    consent: LearnFrom = LearnFrom.NEVER
    attribute: str = ""
    values: tuple[str, ...] = GRANTING
    updates: Updates = Updates.REVIEW
    reviewers: int = Field(default=1, ge=1, le=2)
    silent_sample: int = Field(default=0, ge=0, le=100_000)

    def allows(self, attributes: Mapping[str, str]) -> bool:
        """By a contact's attributes; whether its customer has refused since is asked elsewhere."""
        if self.consent is not LearnFrom.ATTRIBUTE:
            return self.consent is LearnFrom.ALWAYS
        value = attributes.get(self.attribute)
        return value is not None and value.casefold() in {each.casefold() for each in self.values}
