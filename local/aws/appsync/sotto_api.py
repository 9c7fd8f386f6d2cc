"""Sotto's own API on the emulation: the schema and the resolvers that infra deploys."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from local.aws.appsync.app import appsync_app
from local.aws.appsync.authorisation import Authoriser, IamCaller, OidcProvider
from local.aws.appsync.resolvers import Echo, EchoAssignment, Invoke, LambdaField, LambdaSubscription, Resolver
from local.aws.appsync.schema import Api, read_api
from local.aws.appsync.tokens import LocalIssuer
from sotto.core.clock import Clock, SystemClock

SERVE_AGENT = "serve_agent"
_PUBLISH: dict[str, Resolver] = {"publishMessage": Echo(), "publishAssignment": EchoAssignment()}


def sotto_appsync(
    *,
    invoke: Invoke,
    issuer: LocalIssuer,
    iam: IamCaller,
    clock: Clock | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """``invoke("serve_agent", event)`` must run functions/serve_agent. ``issuer``'s documents are served beside."""
    time = clock or SystemClock()
    api = sotto_api()
    return appsync_app(
        api,
        sotto_resolvers(api),
        invoke=invoke,
        authoriser=Authoriser(OidcProvider(issuer.url, issuer.audience, issuer), iam, time),
        clock=time,
        routes=[*issuer.routes(urlsplit(issuer.url).path), *routes],
    )


def sotto_api() -> Api:
    delivery = files("sotto.realtime")
    return read_api(delivery.joinpath("appsync.graphql").read_text(), delivery.joinpath("schema.graphql").read_text())


def sotto_resolvers(api: Api) -> dict[str, Resolver]:
    """One rule decides each field: subscriptions ask for leave, publish mutations echo, the rest asks serve_agent."""
    resolvers: dict[str, Resolver] = {}
    for root in (api.schema.query_type, api.schema.mutation_type, api.schema.subscription_type):
        for name in root.fields if root else ():
            resolvers[f"{root}.{name}"] = _resolver(str(root), name)
    return resolvers


def _resolver(root: str, name: str) -> Resolver:
    if root == "Subscription":
        return LambdaSubscription(SERVE_AGENT)
    return _PUBLISH.get(name) or LambdaField(SERVE_AGENT)
