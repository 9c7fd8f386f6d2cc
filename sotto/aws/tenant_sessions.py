"""Clients that act as a tenant: whatever is asked of them is asked with the session of the tenant that the key names.

The functions' own role may read which tenant owns a Connect instance, and the models that tenants share; everything
else lies behind a role per tenant, limited to that tenant's keys, prefix and models, whose trust policy asks each
session to name the tenant in a tag. A mistake in our code that mixes up two tenants is then refused by AWS instead of
answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws import keys
from sotto.aws.access import MEDIA_TAG, TENANT_TAG
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable

LIFE_S = 3_600
RENEW_BEFORE_MS = 300_000
OWN = frozenset({"instance"})
"""First parts of keys that belong to no tenant."""
SHARED = "shared"


class TenantSessionRefused(Rejected):
    """This function may not act as the tenant: its role or the tenant's is not deployed for it."""


class TenantSessionUnavailable(Retryable):
    """STS throttled us or could not be reached."""


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str
    expires_at_ms: float


@dataclass(frozen=True, slots=True)
class Denied:
    """What AWS refused: a service and an operation as boto3 names them. Neither whose nor which record it was. S3 also
    answers so for an object that is not there, because no role of ours may list them."""

    service: str
    operation: str
    code: str


_DENIALS = frozenset({"AccessDenied", "AccessDeniedException", "403"})


def watch_denials(client: Any, report: Callable[[Denied], None]) -> Any:
    """The same client, which reports every request that is refused for want of rights, and still raises."""

    def look(parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        code = parsed.get("Error", {}).get("Code", "")
        if code in _DENIALS:
            report(Denied(model.service_model.service_name, model.name, code))

    client.meta.events.register("after-call", look)
    return client


MakeClient = Callable[[str, Credentials], Any]
"""``(service, credentials) -> client``."""


class TenantSessions:
    """``role_arn`` holds ``{tenant}`` in place of the tenant's name. ``media``: its sessions may also reach audio of
    the tenant's (sotto.aws.access), which the trust policy grants to one function alone. May be shared by threads."""

    def __init__(self, sts: Any, role_arn: str, make_client: MakeClient, clock: Clock, *, media: str = "") -> None:
        self._sts = sts
        self._role_arn = role_arn
        self._make_client = make_client
        self._clock = clock
        self._tags = {MEDIA_TAG: media} if media else {}
        self._name = f"sotto-{media}-" if media else "sotto-"
        self._clients: dict[tuple[str, str], tuple[float, Any]] = {}
        self._credentials: dict[str, Credentials] = {}
        self._lock = Lock()

    def client(self, tenant: str, service: str) -> Any:
        """Raises TenantSessionRefused and TenantSessionUnavailable."""
        with self._lock:
            until_ms, client = self._clients.get((tenant, service), (0.0, None))
            if client is None or self._clock.now_ms() >= until_ms:
                credentials = self._current(tenant)
                client = self._make_client(service, credentials)
                self._clients[tenant, service] = (credentials.expires_at_ms - RENEW_BEFORE_MS, client)
            return client

    def credentials(self, tenant: str) -> Credentials:
        """Good for five minutes at least. Raises TenantSessionRefused and TenantSessionUnavailable."""
        with self._lock:
            return self._current(tenant)

    def _current(self, tenant: str) -> Credentials:
        known = self._credentials.get(tenant)
        if known is None or self._clock.now_ms() >= known.expires_at_ms - RENEW_BEFORE_MS:
            known = self._credentials[tenant] = self._assumed(keys.of_tenant(tenant))
        return known

    def _assumed(self, tenant: str) -> Credentials:
        arn = self._role_arn.replace("{tenant}", tenant)
        tags = [{"Key": name, "Value": value} for name, value in ({TENANT_TAG: tenant} | self._tags).items()]
        try:
            given = self._sts.assume_role(
                RoleArn=arn, RoleSessionName=f"{self._name}{tenant}"[:64], DurationSeconds=LIFE_S, Tags=tags
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDenied":
                raise TenantSessionRefused(f"role {arn} may not be assumed; deploy the tenant's cell") from error
            raise TenantSessionUnavailable(error.response["Error"]["Code"]) from error
        except BotoCoreError as error:
            raise TenantSessionUnavailable(type(error).__name__) from error
        found = given["Credentials"]
        expires: datetime = found["Expiration"]
        return Credentials(
            found["AccessKeyId"],
            found["SecretAccessKey"],
            found["SessionToken"],
            expires.astimezone(UTC).timestamp() * 1000,
        )


class TenantDynamoDB:
    """As much of boto3's DynamoDB client as our adapters use. ``own`` acts as the function itself."""

    def __init__(self, sessions: TenantSessions, own: Any) -> None:
        self._sessions = sessions
        self._own = own

    @property
    def exceptions(self) -> Any:
        return self._own.exceptions

    def get_item(self, **request: Any) -> Any:
        return self._for(request["Key"]["pk"]).get_item(**request)

    def delete_item(self, **request: Any) -> Any:
        return self._for(request["Key"]["pk"]).delete_item(**request)

    def update_item(self, **request: Any) -> Any:
        return self._for(request["Key"]["pk"]).update_item(**request)

    def put_item(self, **request: Any) -> Any:
        return self._for(request["Item"]["pk"]).put_item(**request)

    def transact_write_items(self, **request: Any) -> Any:
        """All writes of a transaction are of one tenant: the first one's session refuses any other."""
        (first,) = request["TransactItems"][0].values()
        return self._for((first.get("Item") or first["Key"])["pk"]).transact_write_items(**request)

    def get_paginator(self, operation: str) -> _TenantPages:
        return _TenantPages(self._for, operation)

    def _for(self, pk: Mapping[str, str]) -> Any:
        tenant = tenant_of_key(pk["S"])
        return self._own if tenant is None else self._sessions.client(tenant, "dynamodb")


class _TenantPages:
    def __init__(self, client_for: Callable[[Mapping[str, str]], Any], operation: str) -> None:
        self._client_for = client_for
        self._operation = operation

    def paginate(self, **request: Any) -> Any:
        client = self._client_for(request["ExpressionAttributeValues"][":pk"])
        return client.get_paginator(self._operation).paginate(**request)


class TenantS3:
    """Objects are kept under ``<tenant>/``."""

    def __init__(self, sessions: TenantSessions) -> None:
        self._sessions = sessions

    def get_object(self, **request: Any) -> Any:
        return self._for(request["Key"]).get_object(**request)

    def put_object(self, **request: Any) -> Any:
        return self._for(request["Key"]).put_object(**request)

    def delete_object(self, **request: Any) -> Any:
        return self._for(request["Key"]).delete_object(**request)

    def list_object_versions(self, **request: Any) -> Any:
        return self._for(request["Prefix"]).list_object_versions(**request)

    def _for(self, key: str) -> Any:
        return self._sessions.client(keys.of_tenant(key.partition("/")[0]), "s3")


def tenant_of_key(pk: str) -> str | None:
    """Whose item it is; None for what the functions' own role may read. See sotto.aws.keys."""
    first, _, rest = pk.partition("#")
    owner = rest.partition("#")[0] if first == "tenant" else first
    return None if owner in OWN or owner == SHARED else keys.of_tenant(owner)
