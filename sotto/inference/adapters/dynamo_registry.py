"""The registry of model versions in DynamoDB.

One item per tenant and model: pk ``tenant#<tenant>``, sk ``model#<model>``, ``versions`` a list of maps, the preferred
version first, and ``revision``, which rises with every change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotto.errors import Retryable
from sotto.inference.registry import Chain, ModelVersion, own_before_shared

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

VERSIONS_KEPT = 5
_FIELDS = ("version", "target_model", "endpoint", "adapter")


class RegistryChanged(Retryable):
    """Somebody else published a version of this model at the same moment."""


class DynamoModelRegistry:
    """``table`` has a string hash key ``pk`` and a string range key ``sk``."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, tenant: str, model: str) -> Chain:
        return own_before_shared(lambda owner: self._chain(owner, model)[0], tenant, model)

    def publish(self, version: ModelVersion) -> None:
        """Make this the preferred version; the one before it becomes the fallback. Raises RegistryChanged."""
        chain, revision = self._chain(version.tenant, version.model, consistent=True)
        earlier = (v for v in chain if v.version != version.version)
        self._write((version, *earlier)[:VERSIONS_KEPT], revision)

    def _chain(self, tenant: str, model: str, *, consistent: bool = False) -> tuple[Chain, int]:
        found = self._client.get_item(TableName=self._table, Key=_key(tenant, model), ConsistentRead=consistent)
        item: dict[str, Any] = dict(found.get("Item", {}))
        versions = item.get("versions", {"L": []})["L"]
        chain = tuple(_version(tenant, model, stored["M"]) for stored in versions)
        return chain, int(item.get("revision", {"N": "0"})["N"])

    def _write(self, chain: Chain, revision: int) -> None:
        key = _key(chain[0].tenant, chain[0].model)
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **key,
                    "versions": {"L": [_stored(version) for version in chain]},
                    "revision": {"N": str(revision + 1)},
                },
                ConditionExpression="attribute_not_exists(pk) OR revision = :seen",
                ExpressionAttributeValues={":seen": {"N": str(revision)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise RegistryChanged(f"{chain[0].model} of {chain[0].tenant} was published meanwhile") from error


def _key(tenant: str, model: str) -> dict[str, Any]:
    return {"pk": {"S": f"tenant#{tenant}"}, "sk": {"S": f"model#{model}"}}


def _stored(version: ModelVersion) -> dict[str, Any]:
    return {"M": {field: {"S": getattr(version, field)} for field in _FIELDS}}


def _version(tenant: str, model: str, stored: dict[str, Any]) -> ModelVersion:
    return ModelVersion(tenant, model, **{field: stored[field]["S"] for field in _FIELDS})
