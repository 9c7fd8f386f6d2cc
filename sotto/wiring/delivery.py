"""The way to agents' screens, and back: the channel, and what serve_agent needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sotto.core.once import once
from sotto.wiring.connections import websocket_channel
from sotto.wiring.models import call_writer, recall_router, router
from sotto.wiring.process import clock, publish_failed, redaction_alarm
from sotto.wiring.settings import MissingSetting, settings
from sotto.wiring.stores import audit_log, books, consents, contact_table, contacts, conversations, leases

if TYPE_CHECKING:
    from sotto.after_call.summarise import SummaryPorts
    from sotto.api.panel.ports import AgentPorts
    from sotto.realtime.adapters.appsync import AppSyncChannel
    from sotto.realtime.channel import PanelChannel
    from sotto.realtime.panel_publisher import PanelPublisher


@once
def channel() -> PanelChannel:
    """The one channel that all tenants use, or each tenant's."""
    chosen = settings().channels
    makers: dict[str, Callable[[], PanelChannel]] = {"appsync": _appsync_channel, "websocket": websocket_channel}
    made = {name: makers[name]() for name in sorted({name for names in chosen.values() for name in names})}
    if len(made) == 1:
        return next(iter(made.values()))
    from sotto.realtime.tenant_channels import TenantChannels

    return TenantChannels(made, chosen, clock())


def panel(service: str) -> PanelPublisher:
    """The channel for callers that nothing may harm."""
    from sotto.realtime.panel_publisher import PanelPublisher

    return PanelPublisher(channel(), publish_failed(service))


def _appsync_channel() -> AppSyncChannel:
    from botocore.session import get_session

    from sotto.realtime.adapters.appsync import AppSyncChannel

    if not settings().graphql_url:
        raise MissingSetting("environment variable SOTTO_GRAPHQL_URL is not set")
    return AppSyncChannel(settings().graphql_url, region=settings().region, credentials=get_session().get_credentials())


def serve_agent_ports() -> AgentPorts:
    from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
    from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
    from sotto.api.adapters.dynamodb_follows import DynamoFollows
    from sotto.api.adapters.dynamodb_questions import DynamoQuestions
    from sotto.api.ask.ask import CallQuestions
    from sotto.api.panel.conversation_view import ConversationView
    from sotto.api.panel.ports import AgentPorts
    from sotto.inference.knowledge_search import RoutedKnowledge, RoutedMeaning

    feedback = DynamoFeedback(*contact_table())
    return AgentPorts(
        conversations=ConversationView(contacts(), conversations()),
        feedback=feedback,
        knowledge=RoutedKnowledge(router()),
        clock=clock(),
        follows=DynamoFollows(*contact_table(), audit_log()),
        articles=books(),
        summaries=DynamoSummaries(*contact_table()),
        call_questions=CallQuestions(
            conversations(), feedback, call_writer("serve_agent"), RoutedMeaning(recall_router())
        ),
        questions=DynamoQuestions(*contact_table()),
        redact=_redact,
    )


def _redact(tenant: str, text: str) -> str:
    from sotto.redaction.typed import redact_typed
    from sotto.tenants.redaction_rules import RedactionRules

    rules = RedactionRules.of(books().current(tenant).settings.redaction_in_effect)
    return redact_typed(text, rules, alarm=redaction_alarm(tenant))


def summary_ports() -> SummaryPorts:
    from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
    from sotto.after_call.summarise import SummaryPorts
    from sotto.api.adapters.dynamodb_feedback import DynamoFeedback

    return SummaryPorts(
        contacts=contacts(),
        leases=leases(),
        consents=consents(),
        calls=conversations(),
        feedback=DynamoFeedback(*contact_table()),
        writer=call_writer("summarise_call"),
        summaries=DynamoSummaries(*contact_table()),
        panel=panel("summarise_call"),
        clock=clock(),
        wait=lambda ms: time.sleep(ms / 1000),
    )
