"""Hostile: tokens that are signed but odd, tokens for somebody else's tenant, and an issuer that is down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.authorise_connection.handler import authorised
from functions.serve_agent.answer import answer
from local.aws.appsync.tokens import LocalIssuer, new_key
from local.aws.web_server import LateApp, WebServer
from sotto.api.adapters.oidc_tokens import (
    ASK_AGAIN_MS,
    KEYS_LAST_MS,
    KEYS_LIVE_MS,
    WITHOUT_KEYS_ASK_AGAIN_MS,
    IssuerKeys,
    OidcTokens,
)
from sotto.api.tokens import IssuerUnavailable, TokenRefused
from sotto.core.settings import MissingSetting
from sotto.wiring.sotto import Sotto
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk

NOW_MS = 1_763_000_000_000.0
ISSUER = "https://issuer.test"

ODD_CLAIMS: dict[str, dict[str, Any]] = {
    "a tenant with a space": {"tenant": "Harbour Bank"},
    "a tenant with a separator": {"tenant": "bank#agent"},
    "a tenant that leads out of its prefix": {"tenant": "../bank"},
    "a tenant with a line end": {"tenant": "bank\n"},
    "a tenant longer than a name": {"tenant": "b" * 65},
    "a tenant that is a wildcard": {"tenant": "*"},
    "an agent with a separator": {"agent": "ann#1"},
    "an agent longer than a key": {"agent": "a" * 257},
    "an agent with half a character": {"agent": "\ud800"},
    "an agent with an escape": {"agent": "ann\x1b[2J"},
    "a team with a separator": {"role": "supervisor", "teams": ["retention#1"]},
    "a team without a name": {"role": "supervisor", "teams": [""]},
    "a role that is a list": {"role": ["supervisor"]},
    "a role that is null": {"role": None},
}
ODD_TIMES: dict[str, dict[str, Any]] = {
    "an end that is a text": {"exp": "tomorrow"},
    "an end that is no number": {"exp": float("nan")},
    "an end that never comes": {"exp": float("inf")},
    "an end after all calendars": {"exp": 1e300},
    "an end that is true": {"exp": True},
    "a beginning that is a list": {"iat": [1]},
    "a beginning that is null": {"nbf": None},
}


@cache
def key(which: int) -> RSAPrivateKey:
    return new_key()


def an_issuer(url: str = ISSUER, *, which: int = 0) -> LocalIssuer:
    return LocalIssuer(url, clock=ClockByHand(NOW_MS), private_key=key(which))


def signed(**claims: Any) -> str:
    """By the issuer that everybody trusts."""
    now_s = int(NOW_MS / 1000)
    payload = {"iss": ISSUER, "aud": "sotto-panel", "sub": "x", "iat": now_s, "exp": now_s + 60}
    header = jwt.get_unverified_header(an_issuer().issue(agent="ann", tenant="bank"))
    named = {"tenant": "bank", "agent": "ann"}
    # Not jwt.encode, which refuses some times itself.
    body = json.dumps(payload | named | claims).encode()
    return jwt.PyJWS().encode(body, key(0), algorithm="RS256", headers={"kid": header["kid"]})


class Log:
    def info(self, message: str, **more: Any) -> None: ...


def verdict(token: str, *tenants: str) -> str:
    """Of the authoriser of WebSockets."""
    judge = OidcTokens(ISSUER, "sotto-panel", an_issuer(), ClockByHand(NOW_MS), tenants=tenants or ["bank"])
    event = {"methodArn": "arn", "headers": {"Sec-WebSocket-Protocol": f"sotto, token.{token}"}}
    (statement,) = authorised(event, judge, Log())["policyDocument"]["Statement"]  # type: ignore[arg-type]
    return str(statement["Effect"])


def served(claims: dict[str, Any], *tenants: str) -> dict[str, Any]:
    """By serve_agent, whose event holds the claims that AppSync verified."""
    event = {
        "info": {"parentTypeName": "Query", "fieldName": "myContacts"},
        "identity": {"claims": claims},
        "arguments": {},
    }
    ports = Desk(ClockByHand(NOW_MS)).ports()
    return answer(event, ports, Log(), tenants=tenants or ["bank"])  # type: ignore[arg-type]


def test_a_plain_token_of_the_tenant_is_let_in() -> None:
    assert verdict(signed()) == "Allow"


@pytest.mark.parametrize("odd", ODD_CLAIMS | ODD_TIMES)
def test_an_odd_token_is_denied_and_never_an_error(odd: str) -> None:
    assert verdict(signed(**(ODD_CLAIMS | ODD_TIMES)[odd])) == "Deny"


@pytest.mark.parametrize("odd", ODD_CLAIMS)
def test_an_odd_name_is_unauthorised_and_no_invitation_to_try_again(odd: str) -> None:
    claims = {"tenant": "bank", "agent": "ann"} | ODD_CLAIMS[odd]
    assert served(claims, str(claims["tenant"]))["error"]["type"] == "Unauthorized"


def test_json_nested_a_thousand_deep_is_no_token() -> None:
    deep = base64.urlsafe_b64encode(b'{"kid":' + b"[" * 5_000 + b"]" * 5_000 + b"}").decode().rstrip("=")
    assert verdict(f"{deep}.e30.e30") == "Deny"


# An issuer signs for its own tenants


def test_an_issuer_configured_for_one_tenant_never_lets_anybody_in_to_another() -> None:
    token = signed(tenant="garage")
    assert verdict(token, "garage") == "Allow"
    assert verdict(token, "bank") == "Deny"


def test_appsyncs_issuer_is_held_to_its_tenants_too() -> None:
    refused = served({"tenant": "garage", "agent": "ann"}, "bank")
    assert refused["error"] == {
        "type": "Unauthorized",
        "message": "token: the claim 'tenant' names nobody that its issuer signs for",
    }


def test_another_issuers_token_is_refused_whatever_tenant_it_names() -> None:
    other = an_issuer("https://evil.test").issue(agent="ann", tenant="bank")
    assert verdict(other) == "Deny"


@pytest.mark.parametrize("part", ["signed_tenants", "tokens"])
@pytest.mark.parametrize("named", [{}, {"SOTTO_OIDC_TENANTS": ","}])
def test_without_a_list_of_tenants_nobody_is_let_in(part: str, named: dict[str, str]) -> None:
    sotto = Sotto.of({"AWS_REGION": "us-east-1", "SOTTO_OIDC_ISSUER": ISSUER, **named})
    with pytest.raises(MissingSetting, match="SOTTO_OIDC_TENANTS"):
        getattr(sotto, part)


# An issuer that is down


class Published:
    """An issuer over HTTP that can be taken down, and its keys as we keep them."""

    def __init__(self, url: str, bound: LateApp) -> None:
        self.asked = 0
        self.clock = ClockByHand(NOW_MS)
        self.url = url
        self.broken: Response | None = None
        self._bound = bound
        self.publish(0)

    def publish(self, which: int) -> None:
        self._bound.app = self._counted(Starlette(routes=an_issuer(self.url, which=which).routes()))

    def tokens(self) -> OidcTokens:
        return OidcTokens(self.url, None, IssuerKeys(self.url, self.clock), ClockByHand(NOW_MS), tenants=["bank"])

    def token(self, which: int = 0) -> str:
        return an_issuer(self.url, which=which).issue(agent="ann", tenant="bank")

    def _counted(self, app: ASGIApp) -> ASGIApp:
        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked += 1
            await (self.broken or app)(scope, receive, send)

        return counted


@pytest.fixture
def published() -> Iterator[Published]:
    bound = LateApp()
    with WebServer(bound, name="issuer") as server:
        yield Published(server.url, bound)


DOWN: dict[str, Response] = {
    "an error": PlainTextResponse("down", status_code=503),
    "a page": PlainTextResponse("<html>we will be back"),
    "an empty list": PlainTextResponse('{"keys": [], "jwks_uri": "http://127.0.0.1:1/"}'),
    "an empty object": PlainTextResponse("{}"),
}


@pytest.mark.parametrize("how", DOWN)
def test_good_keys_outlive_an_issuer_that_is_down_for_hours(published: Published, how: str) -> None:
    judge = published.tokens()
    judge.claims(published.token())
    published.broken = DOWN[how]
    for _ in range(5):
        published.clock.advance(KEYS_LIVE_MS + 1)
        assert judge.claims(published.token())["agent"] == "ann"


def test_an_issuer_that_is_down_is_asked_once_a_minute_and_nobody_else_waits(published: Published) -> None:
    judge = published.tokens()
    judge.claims(published.token())
    published.broken = DOWN["an error"]
    published.clock.advance(KEYS_LIVE_MS + 1)
    before = published.asked
    for _ in range(10):
        judge.claims(published.token())
    assert published.asked == before + 1
    published.clock.advance(ASK_AGAIN_MS + 1)
    judge.claims(published.token())
    assert published.asked == before + 2


def test_without_any_key_a_recovered_issuer_is_found_within_seconds(published: Published) -> None:
    judge = published.tokens()
    published.broken = DOWN["an error"]
    for _ in range(3):
        with pytest.raises(IssuerUnavailable):
            judge.claims(published.token())
    assert published.asked == 1
    published.broken = None
    published.clock.advance(WITHOUT_KEYS_ASK_AGAIN_MS + 1)
    assert judge.claims(published.token())["agent"] == "ann"


def test_a_key_that_may_be_new_is_no_verdict_while_the_issuer_is_down(published: Published) -> None:
    judge = published.tokens()
    judge.claims(published.token())
    published.broken = DOWN["an error"]
    published.clock.advance(ASK_AGAIN_MS + 1)
    for _ in range(2):
        with pytest.raises(IssuerUnavailable):
            judge.claims(published.token(which=1))
    assert judge.claims(published.token())["agent"] == "ann"


def test_keys_that_nobody_confirmed_for_a_day_are_good_no_longer(published: Published) -> None:
    judge = published.tokens()
    judge.claims(published.token())
    published.broken = DOWN["an error"]
    published.clock.advance(KEYS_LAST_MS + 1)
    with pytest.raises(IssuerUnavailable):
        judge.claims(published.token())


def test_a_key_that_the_issuer_took_back_is_refused_once_it_answers_again(published: Published) -> None:
    judge = published.tokens()
    judge.claims(published.token())
    published.broken = DOWN["an error"]
    published.clock.advance(KEYS_LIVE_MS + 1)
    judge.claims(published.token())
    published.broken = None
    published.publish(1)
    published.clock.advance(ASK_AGAIN_MS + 1)
    with pytest.raises(TokenRefused, match="no key"):
        judge.claims(published.token())
