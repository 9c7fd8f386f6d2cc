"""API Gateway asks, before it opens a connection, whether the token that came with it is good.

The token comes as a WebSocket subprotocol, since a browser can set no header: ``sotto`` and ``token.<JWT>``.
"""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger

from functions.authorise_connection.function import FUNCTION
from sotto.api.caller import Caller, Unauthorised, caller_of
from sotto.api.panel.subprotocol import token_in
from sotto.api.tokens import TokenRefused, Tokens
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: dict[str, Any], context: object, sotto: Sotto) -> dict[str, Any]:
    return authorised(event, sotto.tokens, sotto.logger("authorise_connection"))


def authorised(event: dict[str, Any], tokens: Tokens, log: Logger) -> dict[str, Any]:
    """A policy; and as context, for every later event of the connection, whose it is and until when."""
    try:
        claims = tokens.claims(token_in(event.get("headers") or {}))
        caller = caller_of(claims)
    except (TokenRefused, Unauthorised) as error:
        log.info("connection refused", error=type(error).__name__, reason=str(error))
        return _policy("Deny", event["methodArn"])
    return _policy("Allow", event["methodArn"]) | {"context": _context(caller, int(claims["exp"]))}


def _policy(effect: str, arn: str) -> dict[str, Any]:
    """The principal is nobody: access logs may hold it."""
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn}
    return {"principalId": "desktop", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def _context(caller: Caller, expires_at: int) -> dict[str, str]:
    """API Gateway carries text, numbers and booleans."""
    claims = {"tenant": caller.tenant, "agent": caller.agent, "role": caller.role.value, "teams": sorted(caller.teams)}
    return {"claims": json.dumps(claims), "expires_at": str(expires_at)}
