"""API Gateway asks, before it opens a connection, whether the token that came with it is good.

The token comes as a WebSocket subprotocol, since a browser can set no header: ``sotto`` and ``token.<JWT>``.
"""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger

from sotto.api.caller import Caller, Unauthorised, caller_of
from sotto.api.panel.subprotocol import token_in
from sotto.api.tokens import TokenRefused, Tokens
from sotto.core.once import once
from sotto.wiring.connections import tokens as wired_tokens
from sotto.wiring.observed import observed

log = Logger(service="authorise_connection")


@once
def tokens() -> Tokens:
    return wired_tokens()


@observed
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return authorised(event, tokens(), log)


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
