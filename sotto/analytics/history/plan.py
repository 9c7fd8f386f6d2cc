"""What a synthetic contact centre is like: numbers that somebody chose, so that figures have something to show. Nothing
here is measured of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 18, 26, 30, 27, 22, 24, 28, 27, 23, 17, 12, 8, 6, 4, 3, 2)
"""Weight of each hour of a working day, UTC."""
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.05, 0.45, 0.3)
"""Monday first."""


@dataclass(frozen=True, slots=True)
class Agent:
    """``skill``: -1 to 1; who is skilled is faster, keeps to the checklist and leaves customers in a better mood."""

    name: str
    team: str
    skill: float


@dataclass(frozen=True, slots=True)
class Subject:
    """Why customers of a queue call. ``weight`` within it; ``talk_s`` in the median; ``upset``: how likely it is that
    the customer begins in a bad mood; ``returns``: that the same thing brings the customer back."""

    disposition: str
    queue: str
    weight: float
    talk_s: float
    upset: float
    returns: float
    actions: tuple[str, ...]
    moments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """On one day, planted: so many times the calls of a subject, longer queues and worse moods."""

    days_before_last: int
    disposition: str
    times: float = 3.0


@dataclass(frozen=True, slots=True)
class Centre:
    """``drift``: by how much adoption rises from the first day to the last. ``items``: of the checklist, with how
    likely it is that somebody of middling skill does them."""

    agents: tuple[Agent, ...]
    subjects: tuple[Subject, ...]
    items: Mapping[str, float]
    incident: Incident | None = Incident(9, "dispute_opened")
    drift: float = 0.2
    form: str = "every_call"
    questions: tuple[str, ...] = ("greeting", "identity", "empathy", "recap", "further_help")


def bank() -> Centre:
    """By the names that the sample tenant harbour_bank uses."""
    skills = {"emma": 0.8, "noah": -0.4, "olivia": 0.1, "liam": 0.5, "sophia": -0.1}
    teams = {"emma": "service", "noah": "service", "olivia": "service", "liam": "retention", "sophia": "retention"}
    return Centre(
        agents=tuple(Agent(name, teams[name], skill) for name, skill in skills.items()),
        subjects=(
            Subject("card_replaced", "cards", 3, 240, 0.35, 0.05, ("block_card", "card_article"), ("card_lost",)),
            Subject(
                "dispute_opened", "cards", 1.6, 420, 0.6, 0.14, ("open_dispute",), ("fraud_suspected", "escalation")
            ),
            Subject(
                "customer_saved", "accounts", 1.2, 380, 0.5, 0.06, ("offer_free_account", "empathy"), ("cancel_intent",)
            ),
            Subject("address_changed", "general", 2, 180, 0.1, 0.04, ("address_article",), ("move_announced",)),
            Subject("loan_information", "loans", 1.8, 340, 0.12, 0.1, ("rate_disclosure",), ("rates_asked",)),
            Subject("fee_refunded", "accounts", 1.4, 300, 0.55, 0.09, ("refund_rules", "empathy"), ("fee_complaint",)),
        ),
        items={"greet": 0.95, "disclose_recording": 0.85, "check_identity": 0.9, "recap": 0.6, "further_help": 0.7},
    )
