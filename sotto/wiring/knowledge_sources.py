"""Connectors, as a tenant's folder declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError

from sotto.aws.secrets import GivenKey, SecretsManagerKey
from sotto.core.api_keys import ApiKey, KeyMissing
from sotto.core.clock import Clock
from sotto.knowledge.adapters.connection import Connection
from sotto.knowledge.knowledge_source import KnowledgeSource
from sotto.knowledge.retries import Retries
from sotto.tenants.knowledge_sources import DeclaredSource, SecretName

if TYPE_CHECKING:
    import boto3


def connected(
    declared: DeclaredSource,
    *,
    session: Callable[[], boto3.Session],
    environment: Mapping[str, str],
    clock: Clock,
    wait: Callable[[float], None],
) -> KnowledgeSource:
    """``session`` is made where a bucket or a secret of AWS is wanted. Nothing is asked yet, Secrets Manager neither.
    Raises KeyMissing for a variable that is not set, and without a region."""
    key = _key(declared.secret, session, environment, clock) if declared.secret else None
    module = import_module(f"sotto.knowledge.adapters.{declared.kind}")
    source: KnowledgeSource = module.source(declared, Connection(Retries(clock, wait), key, session))
    return source


def _key(
    secret: SecretName, session: Callable[[], boto3.Session], environment: Mapping[str, str], clock: Clock
) -> ApiKey:
    if secret.secret_id:
        try:
            return SecretsManagerKey(session().client("secretsmanager"), secret.secret_id, clock)
        except BotoCoreError as error:
            raise KeyMissing(f"secret {secret.secret_id}: {error}; set AWS_REGION and credentials") from error
    value = environment.get(secret.variable, "").strip()
    if not value:
        raise KeyMissing(f"{secret.variable} is not set in the environment")
    return GivenKey(value)
