"""What language models may cost a tenant: ``budgets`` of tenant.yaml."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MICROS = 1_000_000
"""In a US dollar."""


class Then(StrEnum):
    """What happens when a budget holds no further text."""

    SMALLER = "smaller"
    """The next provider in the deployment's order that fits is asked."""
    EXTRACTIVE = "extractive"
    """No model is: what was said is quoted instead."""
    OFF = "off"
    """Nothing is written or suggested; a summary is quoted all the same."""


class Budget(BaseModel):
    """US dollars in a calendar month, by UTC. ``feature``: a task of models, such as summary or reply; ``model``: a
    provider of the deployment; ``agent``: a named agent of a workflow. What is empty counts all."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    usd: float
    then: Then = Then.SMALLER
    feature: str = ""
    model: str = ""
    agent: str = ""

    @property
    def micros(self) -> int:
        return round(self.usd * MICROS)
