"""What IAM would refuse: a tenant's records asked for without that tenant's session.

Judged are requests to DynamoDB, S3, S3 Vectors, KMS and AssumeRole, by the table that the CDK app writes its policies
from (``sotto.aws.access``). Functions ask with the credentials of their environment and reach what is nobody's; a
session of a tenant's role reaches that tenant's, and is given to functions alone, tagged with that tenant. Whoever else
asks is the engineer at this machine, who may everything but act as a tenant.
Signatures are not checked: what is shown is what our code asks for, not what a thief could.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from local.aws.connect.recordings import BUCKET
from local.aws.keys import CERTIFICATE_KEY, TENANT_KEY
from local.import_places import BUCKET as IMPORTS
from local.import_places import prefix_of
from sotto.aws.access import (
    BOOKS_ACTIONS,
    ERASE_OBJECTS,
    FACTS_ACTIONS,
    GET_OBJECT,
    GET_SECRET,
    INDEX_ACTIONS,
    LIST_VERSIONS,
    MEDIA_REDACT,
    MEDIA_TAG,
    NOBODYS_RECORDS,
    READ_OBJECTS,
    TENANT_API,
    TENANT_CONNECTIONS,
    TENANT_FACTS,
    TENANT_KEY_USES,
    TENANT_OBJECTS,
    TENANT_RECORDINGS,
    TENANT_RECORDS,
    TENANT_SECRETS,
    WRITE_OBJECTS,
    Reach,
    index_of,
    may_assume,
)
from sotto.core.resources import ARTIFACTS, FACTS, RECORDINGS

log = logging.getLogger(__name__)

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/[^/]+/([^/]+)/aws4_request")
_PARTITION = re.compile(r"(?:^|\band\s+|\()\s*(#?\w+)\s*=\s*(:\w+)", re.IGNORECASE)
_OBJECT_ACTIONS = {"GET": GET_OBJECT, "HEAD": GET_OBJECT, "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}
_TRANSACTED = {
    "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}  # fmt: skip

FUNCTIONS, ENGINEER = "sotto-functions", "engineer"
"""As messages name them."""
SessionOf = Callable[[str, str], tuple[str, str] | None]
"""``(access key, session token)`` -> the tenant whose role it is a session of, and the session's name; None when it is
no tenant's session."""
Objects = tuple[str, str, tuple[str, ...]]
"""A bucket, a pattern of keys, and what may be done with them."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Identity:
    """``role``: as a message names it. ``key``: alias of the KMS key that it may wrap data keys with; ``secrets``: the
    pattern of names of secrets that it may read; ``index``: of S3 Vectors, that it may use."""

    role: str
    reaches: tuple[Reach, ...]
    objects: tuple[Objects, ...] = ()
    key: str = ""
    secrets: str = ""
    index: str = ""


class TenantIsolation:
    """``functions_key``: the access key of the functions. ``role_arn`` holds ``{tenant}`` in place of a name;
    ``tenants``: those whose roles are deployed."""

    def __init__(
        self, functions_key: str, role_arn: str, tenants: Callable[[], Iterable[str]], session: SessionOf
    ) -> None:
        self._functions_key = functions_key
        self._role_arn = role_arn
        self._tenants = tenants
        self._session = session

    def refusal(self, request: Request) -> Refusal | None:
        """None: AWS would let it pass."""
        signed = _CREDENTIAL.search(request.headers.get("authorization", ""))
        if signed is None:
            return None
        access_key, service = signed.groups()
        token = request.headers.get("x-amz-security-token", "")
        who = self._identity(access_key, token)
        if service == "sts":
            return self._denied_role(who or _Identity(ENGINEER, ()), request)
        if who is None:
            return _unknown_session() if token and service == "dynamodb" else None
        if service == "dynamodb":
            return next(_denied_items(who, request), None)
        if service == "s3":
            return _denied_object(who, request)
        if service == "s3vectors":
            return _denied_index(who, request)
        if service == "kms":
            return _denied_key(who, request)
        if service == "secretsmanager":
            return _denied_secret(who, request)
        return None

    def _identity(self, access_key: str, token: str) -> _Identity | None:
        if access_key == self._functions_key:
            return _Identity(FUNCTIONS, NOBODYS_RECORDS)
        found = self._session(access_key, token)
        if found is None:
            return None
        tenant, name = found
        reaches = tuple(reach.of(tenant) for reach in (*TENANT_RECORDS, TENANT_CONNECTIONS, TENANT_API))
        role = self._role_arn.rpartition("/")[2].replace("{tenant}", tenant)
        redacts = name.startswith(f"sotto-{MEDIA_REDACT}-")
        key, secrets = (each.replace("{tenant}", tenant) for each in (TENANT_KEY, TENANT_SECRETS))
        return _Identity(role, reaches, _objects_of(tenant, redacts=redacts), key, secrets, index_of(tenant))

    def _denied_role(self, who: _Identity, request: Request) -> Refusal | None:
        """Functions may act as the tenants that are deployed, with a session that names the same tenant."""
        asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if asked.get("Action") != "AssumeRole":
            return None
        deployed = {self._role_arn.replace("{tenant}", tenant): tenant for tenant in self._tenants()}
        tenant, tags = deployed.get(asked.get("RoleArn", "")), _session_tags(asked)
        # The emulation knows a session by its name, IAM by its tags: they must say the same.
        is_named = asked.get("RoleSessionName", "").startswith(f"sotto-{MEDIA_REDACT}-")
        is_same = is_named == (tags.get(MEDIA_TAG) == MEDIA_REDACT)
        if tenant is not None and who.role == FUNCTIONS and may_assume(tenant, tags) and is_same:
            return None
        action = "sts:TagSession" if tenant is not None and who.role == FUNCTIONS and tags else "sts:AssumeRole"
        _log_denial(who, action)
        message = escape(_message(who, action, asked.get("RoleArn", "")))
        error = f"<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        body = f'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{error}</ErrorResponse>'
        return Refusal(403, [(b"content-type", b"text/xml")], body.encode())


def _session_tags(asked: Mapping[str, str]) -> dict[str, str]:
    """``Tags.member.1.Key``, ``Tags.member.1.Value`` and so on, as STS's query protocol writes a list."""
    keys = (name for name in asked if name.startswith("Tags.member.") and name.endswith(".Key"))
    return {asked[name]: asked.get(name.removesuffix("Key") + "Value", "") for name in keys}


def _denied_items(who: _Identity, request: Request) -> Iterator[Refusal]:
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    for action, table, key in _asked(operation, json.loads(request.body or b"{}")):
        if key is not None and any(reach.allows(action, table, key) for reach in who.reaches):
            continue
        _log_denial(who, action)
        message = _message(who, action, f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}")
        kind = "com.amazon.coral.service#AccessDeniedException"
        body = json.dumps({"__type": kind, "Message": message}).encode()
        yield Refusal(400, [(b"content-type", b"application/x-amz-json-1.0")], body)


def _asked(operation: str, body: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Action, table and partition key of each item; no key where none is named, which no policy of ours allows."""
    if operation in ("TransactWriteItems", "TransactGetItems"):
        for item in body["TransactItems"]:
            ((kind, one),) = item.items()
            yield f"dynamodb:{_TRANSACTED[kind]}", one["TableName"], _key_of(one)
    elif operation == "Query":
        yield "dynamodb:Query", body["TableName"], _queried(body)
    else:
        yield f"dynamodb:{operation}", str(body.get("TableName", "")), _key_of(body)


def _key_of(one: Mapping[str, Any]) -> str | None:
    key = (one.get("Item") or one.get("Key") or {}).get("pk", {}).get("S")
    return None if key is None else str(key)


def _queried(body: Mapping[str, Any]) -> str | None:
    names = body.get("ExpressionAttributeNames", {})
    for name, value in _PARTITION.findall(body.get("KeyConditionExpression", "")):
        if names.get(name, name) == "pk":
            return str(body.get("ExpressionAttributeValues", {}).get(value, {}).get("S", ""))
    return None


def _unknown_session() -> Refusal:
    body = {
        "__type": "com.amazon.coral.service#UnrecognizedClientException",
        "Message": "The security token is invalid.",
    }
    return Refusal(400, [(b"content-type", b"application/x-amz-json-1.0")], json.dumps(body).encode())


def _denied_object(who: _Identity, request: Request) -> Refusal | None:
    bucket, _, key = unquote(request.path).lstrip("/").partition("/")
    action = _object_action(request, key)
    place = key or parse_qs(request.query).get("prefix", [""])[0]
    if any(bucket == of and action in actions and fnmatchcase(place, pattern) for of, pattern, actions in who.objects):
        return None
    _log_denial(who, action)
    message = escape(_message(who, action, f"arn:aws:s3:::{bucket}/{key}"))
    body = f"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>"
    return Refusal(403, [(b"content-type", b"application/xml")], body.encode())


def _denied_index(who: _Identity, request: Request) -> Refusal | None:
    """A query that returns metadata, or has a filter, needs GetVectors as well; whoever may one may the other."""
    asked = json.loads(request.body or b"{}")
    index, action = str(asked.get("indexName", "")), f"s3vectors:{request.path.lstrip('/')}"
    if who.index and index == who.index and action in INDEX_ACTIONS:
        return None
    _log_denial(who, action)
    resource = f"arn:aws:s3vectors:us-east-1:123456789012:bucket/{asked.get('vectorBucketName', '')}/index/{index}"
    body = json.dumps({"message": _message(who, action, resource)}).encode()
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", b"AccessDeniedException")]
    return Refusal(403, headers, body)


def _denied_key(who: _Identity, request: Request) -> Refusal | None:
    """A tenant's key is for that tenant's sessions; the functions themselves sign certificates, and nothing else."""
    action = f"kms:{request.headers.get('x-amz-target', '').rpartition('.')[2]}"
    named = json.loads(request.body or b"{}").get("KeyId", "")
    if who.key and named == who.key and action in TENANT_KEY_USES:
        return None
    if who.role == FUNCTIONS and named == CERTIFICATE_KEY and action in ("kms:Sign", "kms:GetPublicKey"):
        return None
    _log_denial(who, action)
    message = _message(who, action, f"arn:aws:kms:us-east-1:123456789012:{named}")
    body = {"__type": "AccessDeniedException", "Message": message}
    return Refusal(400, [(b"content-type", b"application/x-amz-json-1.1")], json.dumps(body).encode())


def _objects_of(tenant: str, *, redacts: bool) -> tuple[Objects, ...]:
    """As infra/capabilities/records.py grants them: Connect's recordings to sessions that redact alone."""
    recordings = TENANT_RECORDINGS.replace("{tenant}", tenant)
    everybody: tuple[Objects, ...] = (
        (ARTIFACTS, TENANT_OBJECTS.replace("{tenant}", tenant), BOOKS_ACTIONS),
        (FACTS, TENANT_FACTS.replace("{tenant}", tenant), (*FACTS_ACTIONS, LIST_VERSIONS)),
        (RECORDINGS, recordings, (*READ_OBJECTS, *ERASE_OBJECTS, LIST_VERSIONS)),
        (IMPORTS, f"{prefix_of(tenant)}*", (GET_OBJECT,)),
    )
    if not redacts:
        return everybody
    return (*everybody, (RECORDINGS, recordings, WRITE_OBJECTS), (BUCKET, "connect/*", (*READ_OBJECTS, *ERASE_OBJECTS)))


def _object_action(request: Request, key: str) -> str:
    """Which of IAM's actions a request is."""
    query = parse_qs(request.query, keep_blank_values=True)
    if not key:
        return LIST_VERSIONS if "versions" in query else f"s3:{request.method}Bucket"
    if "uploadId" in query or "uploads" in query:
        return "s3:AbortMultipartUpload" if request.method == "DELETE" else "s3:PutObject"
    action = _OBJECT_ACTIONS.get(request.method, f"s3:{request.method}")
    return f"{action}Version" if "versionId" in query else action


def _denied_secret(who: _Identity, request: Request) -> Refusal | None:
    """Of systems of record; what else functions are told to read, the deployment names."""
    name = str(json.loads(request.body or b"{}").get("SecretId", ""))
    is_tenants = fnmatchcase(name, TENANT_SECRETS.replace("{tenant}", "*"))
    if (who.secrets and fnmatchcase(name, who.secrets)) or (not who.secrets and not is_tenants):
        return None
    _log_denial(who, GET_SECRET)
    message = _message(who, GET_SECRET, f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}")
    body = json.dumps({"__type": "AccessDeniedException", "Message": message}).encode()
    return Refusal(400, [(b"content-type", b"application/x-amz-json-1.1")], body)


def _message(who: _Identity, action: str, resource: str) -> str:
    user = f"arn:aws:sts::123456789012:assumed-role/{who.role}/embedded"
    because = "because no identity-based policy allows the action"
    return f"User: {user} is not authorized to perform: {action} on resource: {resource} {because}"


def _log_denial(who: _Identity, action: str) -> None:
    log.warning("access denied", extra={"role": who.role, "action": action})
