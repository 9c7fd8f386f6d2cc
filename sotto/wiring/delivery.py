"""The way to agents' screens, and back: the channel, and what serve_agent needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from sotto.wiring.connections import websocket_channel
from sotto.wiring.models import router
from sotto.wiring.process import clock
from sotto.wiring.settings import MissingSetting, settings
from sotto.wiring.stores import _contact_table, contacts, conversations

if TYPE_CHECKING:
    from sotto.delivery.adapters.appsync import AppSyncChannel
    from sotto.delivery.agent_requests import AgentPorts
    from sotto.delivery.channel import Channel


@cache
def channel() -> Channel:
    """The one channel that all tenants use, or each tenant's."""
    chosen = settings().channels
    makers: dict[str, Callable[[], Channel]] = {"appsync": _appsync_channel, "websocket": websocket_channel}
    made = {name: makers[name]() for name in sorted({name for names in chosen.values() for name in names})}
    if len(made) == 1:
        return next(iter(made.values()))
    from sotto.delivery.chosen import ChosenChannels

    return ChosenChannels(made, chosen, clock())


def _appsync_channel() -> AppSyncChannel:
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
