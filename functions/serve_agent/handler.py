"""The panel's queries, mutations and requests to subscribe, as AppSync passes them on."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.serve_agent.answer import Answer, answer
from sotto.delivery.agent_ports import AgentPorts
from sotto.wiring.delivery import serve_agent_ports

log = Logger(service="serve_agent")


@cache
def ports() -> AgentPorts:
    return serve_agent_ports()


def handler(event: dict[str, Any], context: object) -> Answer:
    return answer(event, ports(), log)
