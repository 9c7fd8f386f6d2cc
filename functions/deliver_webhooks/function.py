"""Sends what is settled about conversations to the endpoints that tenants named, and again what was not taken."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AdmitsSigned, Appends, HashesIdentities, Keeps, ReadsBooks
from sotto.core.resources import API, AUDIT
from sotto.core.triggers import Events, Every, Subscription

FUNCTION = function(
    __name__,
    Events(max_age_s=21_600),
    Subscription(
        (
            "conversation.started",
            "agent.connected",
            "conversation.ended",
            "transcript.completed",
            "summary.ready",
            "disposition.suggested",
            "disposition.chosen",
            "feedback.given",
            "scorecard.ready",
            "recording.redacted",
            "recording.missing",
            "review.closed",
            "crm.filed",
            "conversation.erased",
            "alert.raised",
            "alert.digest",
            "workflow.waiting",
            "workflow.ended",
        )
    ),
    Every(minutes=1),
    timeout_s=300,
    capability="rest_api",
    stack="rest-api",
    needs=(
        Keeps(API),
        Appends(AUDIT),
        ReadsBooks(),  # how long the audit log is kept
        HashesIdentities(),  # secrets are wrapped by the tenants' KMS keys
        AdmitsSigned(),  # whose tenants there are
    ),
)
