"""The way to agents' screens, and back: the channel, and what serve_agent needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sotto.wiring.models import router
from sotto.wiring.process import clock
from sotto.wiring.settings import MissingSetting, settings
from sotto.wiring.stores import _contact_table, contacts, conversations

if TYPE_CHECKING:
    from sotto.delivery.adapters.appsync import AppSyncChannel
    from sotto.delivery.agent_requests import AgentPorts


@cache
def channel() -> AppSyncChannel:
    from botocore.session import get_session

    from sotto.delivery.adapters.appsync import AppSyncChannel

    if not settings().graphql_url:
        raise MissingSetting("environment variable SOTTO_GRAPHQL_URL is not set")
    return AppSyncChannel(settings().graphql_url, region=settings().region, credentials=get_session().get_credentials())


def serve_agent_ports() -> AgentPorts:
    from sotto.delivery.agent_requests import AgentPorts
    from sotto.inference.search import RoutedKnowledge
    from sotto.storage.adapters.agent_view import AgentView
    from sotto.storage.adapters.dynamodb_feedback import DynamoFeedback
    from sotto.storage.adapters.dynamodb_follows import DynamoFollows

    view, feedback, follows = (
        AgentView(contacts(), conversations()),
        DynamoFeedback(*_contact_table()),
        DynamoFollows(*_contact_table()),
    )
    return AgentPorts(view, feedback, RoutedKnowledge(router()), clock(), follows)
