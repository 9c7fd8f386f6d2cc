"""Unit: tokens by AppSync's rules. The emulated AppSync judges the same tokens, and both must agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from starlette.applications import Starlette

from functions.authorise_connection.handler import authorised
from local.aws.appsync.authorisation import AuthorisationFailed, Authoriser, IamCaller, OidcProvider
from local.aws.appsync.tokens import LocalIssuer, new_key
from local.aws.web_server import LateApp, WebServer
from sotto.api.adapters.oidc_tokens import ASK_AGAIN_MS, IssuerKeys, OidcTokens
from sotto.api.tokens import IssuerUnavailable, TokenRefused
from tests.fakes.clock import ClockByHand

NOW_MS = 1_763_000_000_000.0
ARN = "arn:aws:execute-api:eu-west-2:123456789012:abc/live/$connect"


@cache
def key(which: int = 0) -> RSAPrivateKey:
    return new_key()


def an_issuer(url: str = "https://issuer.test", *, which: int = 0, audience: str = "sotto-panel") -> LocalIssuer:
    return LocalIssuer(url, clock=ClockByHand(NOW_MS), private_key=key(which), audience=audience)


def issued(by: LocalIssuer | None = None, **claims: Any) -> str:
    return (by or an_issuer()).issue(agent="ann", tenant="bank", **claims)


def unsigned() -> str:
    claims = jwt.decode(issued(), options={"verify_signature": False})
    kid = jwt.get_unverified_header(issued())["kid"]
    return jwt.encode(claims, None, algorithm="none", headers={"kid": kid})


def signed_with_the_public_key() -> str:
    """The old trick: the public key as the secret of an HMAC."""
    claims = jwt.decode(issued(), options={"verify_signature": False})
    kid = jwt.get_unverified_header(issued())["kid"]
    secret = an_issuer().key_set()["keys"][0]["n"]
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})


BAD: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "rubbish": lambda: "a.b.c",
    "expired": lambda: issued(lifetime_s=-1),
    "not valid yet": lambda: issued(nbf=int(NOW_MS / 1000) + 60),
    "from the future": lambda: issued(iat=int(NOW_MS / 1000) + 60),
    "another client": lambda: issued(an_issuer(audience="another")),
    "another issuer": lambda: issued(iss="https://another.test"),
    "another key": lambda: issued(an_issuer(which=1)),
    "no algorithm": unsigned,
    "the public key as a secret": signed_with_the_public_key,
    "changed": lambda: issued()[:-4] + "AAAA",
    "without an end": lambda: issued(exp=None),
}


@pytest.mark.parametrize("name", BAD)
def test_what_appsync_refuses_is_refused(name: str) -> None:
    token = BAD[name]()
    issuer, clock = an_issuer(), ClockByHand(NOW_MS)
    appsync = Authoriser(OidcProvider(issuer.url, issuer.audience, issuer), IamCaller("", "", ""), clock)
    with pytest.raises(AuthorisationFailed):
        appsync.identify_token(token)
    with pytest.raises(TokenRefused) as refused:
        OidcTokens(issuer.url, issuer.audience, issuer, clock, tenants=["bank"]).claims(token)
    assert not token or token not in str(refused.value)


def test_what_appsync_accepts_is_accepted() -> None:
    issuer, clock = an_issuer(), ClockByHand(NOW_MS)
    appsync = Authoriser(OidcProvider(issuer.url, issuer.audience, issuer), IamCaller("", "", ""), clock)
    claims = OidcTokens(issuer.url, issuer.audience, issuer, clock, tenants=["bank"]).claims(issued())
    assert claims == appsync.identify_token(issued()).resolver_identity["claims"]


@pytest.mark.parametrize(
    ("client_id", "claims", "good"),
    [
        (None, {"aud": "anything"}, True),
        ("sotto-.*", {"aud": "sotto-panel"}, True),
        ("sotto-.*", {"aud": ["x", "sotto-panel"]}, True),
        ("sotto-.*", {"aud": "x", "azp": "sotto-panel"}, True),
        ("sotto", {"aud": "sotto-panel"}, False),
        ("sotto-.*", {"aud": "x"}, False),
    ],
)
def test_the_client_is_named_by_an_expression_for_aud_or_azp(
    client_id: str | None, claims: dict[str, Any], good: bool
) -> None:
    tokens = OidcTokens("https://issuer.test", client_id, an_issuer(), ClockByHand(NOW_MS), tenants=["bank"])
    if good:
        assert tokens.claims(issued(**claims))["tenant"] == "bank"
    else:
        with pytest.raises(TokenRefused, match="another client"):
            tokens.claims(issued(**claims))


# The issuer's keys


@pytest.fixture
def published() -> Iterator[tuple[str, list[str], Callable[[int], None]]]:
    """An issuer over HTTP: its address, the paths that were asked for, and a change of its key."""
    asked: list[str] = []
    bound = LateApp()

    with WebServer(bound, name="issuer") as server:
        current = [an_issuer(server.url)]

        async def app(scope: Any, receive: Any, send: Any) -> None:
            asked.append(scope["path"])
            await Starlette(routes=current[0].routes())(scope, receive, send)

        bound.app = app
        yield server.url, asked, lambda which: current.__setitem__(0, an_issuer(server.url, which=which))


Published = tuple[str, list[str], Callable[[int], None]]


def test_keys_are_read_once_and_kept(published: Published) -> None:
    url, asked, _ = published
    tokens = OidcTokens(url, None, IssuerKeys(url, ClockByHand(NOW_MS)), ClockByHand(NOW_MS), tenants=["bank"])
    for _ in range(3):
        tokens.claims(issued(an_issuer(url)))
    assert asked == ["/.well-known/openid-configuration", "/.well-known/jwks.json"]


def test_a_new_key_is_found_and_nonsense_does_not_make_us_ask_again_and_again(published: Published) -> None:
    url, asked, change_key = published
    clock = ClockByHand(NOW_MS)
    keys = IssuerKeys(url, clock)
    tokens = OidcTokens(url, None, keys, clock, tenants=["bank"])
    tokens.claims(issued(an_issuer(url)))
    change_key(1)
    for _ in range(5):
        with pytest.raises(TokenRefused, match="no key"):
            tokens.claims(issued(an_issuer(url, which=1)))
    assert len(asked) == 2
    clock.advance(ASK_AGAIN_MS + 1)
    assert tokens.claims(issued(an_issuer(url, which=1)))["agent"] == "ann"


def test_an_issuer_that_does_not_answer_is_no_verdict_on_the_token() -> None:
    with pytest.raises(IssuerUnavailable):
        IssuerKeys("http://127.0.0.1:1", ClockByHand(NOW_MS)).key("any")


# The authoriser


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, message: str, **more: Any) -> None:
        self.lines.append(json.dumps([message, more]))


def decided(token: str) -> tuple[dict[str, Any], Log]:
    log = Log()
    headers = {"Sec-WebSocket-Protocol": f"sotto, token.{token}"}
    tokens = OidcTokens("https://issuer.test", "sotto-panel", an_issuer(), ClockByHand(NOW_MS), tenants=["bank"])
    return authorised({"methodArn": ARN, "headers": headers}, tokens, log), log  # type: ignore[arg-type]


def test_a_good_token_opens_this_route_and_says_whose_the_connection_is() -> None:
    policy, log = decided(issued(teams=["retention"], role="supervisor"))
    assert policy["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": ARN}
    ]
    assert json.loads(policy["context"]["claims"]) == {
        "tenant": "bank",
        "agent": "ann",
        "role": "supervisor",
        "teams": ["retention"],
    }
    assert policy["principalId"] == "desktop", "access logs may hold it"
    assert log.lines == []


@pytest.mark.parametrize("claims", [{"tenant": ""}, {"agent": 7}, {"role": "king"}, {"teams": [7]}])
def test_a_good_token_without_our_claims_opens_nothing(claims: dict[str, Any]) -> None:
    policy, _ = decided(an_issuer().issue(**({"agent": "ann", "tenant": "bank"} | claims)))
    assert policy["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert "context" not in policy


def test_no_log_line_holds_the_token() -> None:
    token = issued(lifetime_s=-1)
    policy, log = decided(token)
    assert policy["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert log.lines and not any(part in line for line in log.lines for part in token.split("."))
