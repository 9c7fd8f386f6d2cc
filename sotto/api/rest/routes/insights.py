"""Insights: what all conversations with a customer say together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from sotto.api.rest.fields import AtMs, Cursor, Next
from sotto.api.rest.person import EXAMPLE, Person
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.call.contact import Speaker
from sotto.insights.insight import WORDS, Act, Cited, InsightKind
from sotto.realtime.shapes import Shape

NOT_IN_THESE = "not in these conversations"


class InsightSentence(Shown):
    text: str
    contact_id: str
    utterance_ids: Annotated[list[str], Field(description="What it rests on; one at least.")]
    at_ms: AtMs


class Recommendation(Shown):
    action: Act
    text: str
    priority: Literal["high", "medium", "low"]


class Insight(Shown):
    id: str
    kind: InsightKind
    stands: Annotated[InsightSentence, Field(description="What holds now: the newest that was said of it.")]
    earlier: Annotated[list[InsightSentence], Field(description="What it was before, the newest first.")]
    confidence: Annotated[float, Field(ge=0, le=1)]
    impact: Annotated[int, Field(ge=1, le=10)]
    expires_at_ms: AtMs
    recommendation: Recommendation


class CustomerInsights(Shown):
    customer_id: str
    conversations: Annotated[int, Field(description="How many were looked at of those that you may see.")]
    made_at_ms: AtMs
    data: Annotated[list[Insight], Field(description="What matters most first.")]


class KnownCustomer(Shown):
    customer_id: str
    contacts: int
    counts: Annotated[dict[InsightKind, int], Field(description="When they were made.")]
    highest_impact: int
    made_at_ms: AtMs


class KnownCustomers(Shown):
    data: list[KnownCustomer]
    next: Next


class QuotedSentence(Shown):
    text: str
    contact_id: str
    utterance_id: str
    speaker: Speaker
    at_ms: AtMs


class CustomerAnswerPart(QuotedSentence):
    earlier: Annotated[list[QuotedSentence], Field(description="What was said of it before; the newest holds.")]


class CustomerAnswer(Shown):
    question: Annotated[str, Field(description="Without what is private.")]
    answered: bool
    note: Annotated[Literal["not in these conversations"] | None, Field(description="Where nothing answers it.")]
    conversations: int
    data: Annotated[list[CustomerAnswerPart], Field(description="The best first, in the words that were spoken.")]


class WantedInsights(Wanted):
    person: Person


class WantedAnswer(Wanted):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class WantedCustomers(Wanted):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Cursor | None = None


_SENTENCE = {
    "text": "I want to leave.", "contact_id": "c1", "utterance_ids": ["u1"], "at_ms": 1_790_000_000_000,
}  # fmt: skip
INSIGHTS_EXAMPLE = {
    "customer_id": "cus_722be76281d660ab4693ccc6", "conversations": 1, "made_at_ms": 1_790_000_000_000,
    "data": [{
        "id": "ins_b9f4a0c2c49b4a34ae4c", "kind": "risk", "stands": _SENTENCE | {"text": "Wants to leave"},
        "earlier": [], "confidence": 0.9, "impact": 9, "expires_at_ms": 1_795_184_000_000,
        "recommendation": {"action": "win_back", "text": WORDS[Act.WIN_BACK], "priority": "high"},
    }],
}  # fmt: skip
_PATH = {"customer_id": "cus_722be76281d660ab4693ccc6"}


@route(
    "POST", "/v1/insights", action=Action.READ_INSIGHTS, scope="insights:write", body=WantedInsights,
    answers=CustomerInsights, status=201, keeps_answer=False,
    example=Example(body={"person": EXAMPLE}, answer=INSIGHTS_EXAMPLE),
)  # fmt: skip
def make_insights(asked: Asked, ports: ApiPorts) -> Shape:
    """Make the insights of a customer, over all their conversations, and give the customer an id of ours."""
    from sotto.api.insights.use_cases import generate

    wanted: WantedInsights = asked.body
    return insights_shape(generate(asked.caller, wanted.person.identity, ports.insights()))


@route(
    "GET", "/v1/insights", action=Action.LIST_INSIGHTS, scope="insights:read", query=WantedCustomers,
    answers=KnownCustomers,
    example=Example(
        query={"limit": "20"},
        answer={
            "data": [{
                "customer_id": "cus_722be76281d660ab4693ccc6", "contacts": 1, "counts": {"need": 1, "risk": 1},
                "highest_impact": 9, "made_at_ms": 1_790_000_000_000,
            }],
            "next": None,
        },
    ),
)  # fmt: skip
def list_insights(asked: Asked, ports: ApiPorts) -> Shape:
    """For which customers insights were made, and how many of which kind."""
    from sotto.api.insights.use_cases import customers
    from sotto.api.rest.cursor import name_after, next_name

    wanted: WantedCustomers = asked.query
    after = name_after(wanted.cursor, "insights", asked, ports)
    found = customers(asked.caller, after, wanted.limit, ports.insights())
    last = found[-1].customer_id if len(found) == wanted.limit else None
    return {
        "data": [
            {
                "customerId": each.customer_id,
                "contacts": len(each.contacts),
                "counts": dict(each.counts),
                "highestImpact": each.highest_impact,
                "madeAtMs": each.made_at_ms,
            }
            for each in found
        ],
        "next": next_name(last, "insights", asked, ports),
    }


@route(
    "GET", "/v1/insights/{customer_id}", action=Action.READ_INSIGHTS, scope="insights:read",
    answers=CustomerInsights, example=Example(path=_PATH, answer=INSIGHTS_EXAMPLE),
)  # fmt: skip
def get_insights(asked: Asked, ports: ApiPorts) -> Shape:
    """The insights of a customer as they are now, with the conversations that came meanwhile."""
    from sotto.api.insights.use_cases import of_customer

    return insights_shape(of_customer(asked.caller, asked.path["customer_id"], ports.insights()))


@route(
    "POST", "/v1/insights/{customer_id}/ask", action=Action.READ_INSIGHTS, scope="insights:read", body=WantedAnswer,
    answers=CustomerAnswer,
    example=Example(
        path=_PATH, body={"question": "Does the customer want to leave?"},
        answer={
            "question": "Does the customer want to leave?", "answered": True, "note": None, "conversations": 1,
            "data": [{
                "text": "I want to leave.", "contact_id": "c1", "utterance_id": "u1", "speaker": "customer",
                "at_ms": 1_790_000_001_000, "earlier": [],
            }],
        },
    ),
)  # fmt: skip
def ask_about_customer(asked: Asked, ports: ApiPorts) -> Shape:
    """Ask something about a customer: answered in words of their conversations, or "not in these conversations"."""
    from sotto.api.insights.use_cases import ask

    wanted: WantedAnswer = asked.body
    return answer_shape(ask(asked.caller, asked.path["customer_id"], wanted.question, ports.insights()))


def insights_shape(made: Any) -> Shape:
    """Of an InsightsOfCustomer."""
    return {
        "customerId": made.customer_id,
        "conversations": made.conversations,
        "madeAtMs": made.made_at_ms,
        "data": [
            {
                "id": each.id,
                "kind": each.kind,
                "stands": _sentence(each.stands),
                "earlier": [_sentence(one) for one in each.earlier],
                "confidence": each.confidence,
                "impact": each.impact,
                "expiresAtMs": each.expires_at_ms,
                "recommendation": {"action": each.act, "text": WORDS[each.act], "priority": _priority(each.impact)},
            }
            for each in made.insights
        ],
    }


def answer_shape(answer: Any) -> Shape:
    """Of a CustomerAnswer."""
    return {
        "question": answer.question,
        "answered": bool(answer.answers),
        "note": None if answer.answers else NOT_IN_THESE,
        "conversations": answer.conversations,
        "data": [_quoted(each.stands) | {"earlier": [_quoted(one) for one in each.earlier]} for each in answer.answers],
    }


def _priority(impact: int) -> str:
    return "high" if impact >= 8 else "medium" if impact >= 5 else "low"


def _sentence(cited: Cited) -> Shape:
    return {
        "text": cited.text,
        "contactId": cited.contact_id,
        "utteranceIds": list(cited.utterance_ids),
        "atMs": cited.at_ms,
    }


def _quoted(spoken: Any) -> Shape:
    return {
        "text": spoken.utterance.text,
        "contactId": spoken.contact.contact_id,
        "utteranceId": spoken.utterance.id,
        "speaker": spoken.utterance.speaker,
        "atMs": spoken.at_ms,
    }
