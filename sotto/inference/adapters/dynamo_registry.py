"""The registry of model versions in DynamoDB.

One item per tenant and model: pk ``tenant#<tenant>``, sk ``model#<model>``, ``versions`` a list of maps, the preferred
version first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotto.inference.registry import Chain, ModelVersion, own_before_shared

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

VERSIONS_KEPT = 5


class DynamoModelRegistry:
    """``table`` has a string hash key ``pk`` and a string range key ``sk``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, tenant: str, model: str) -> Chain:
        return own_before_shared(lambda owner: self._chain(owner, model), tenant, model)

    def publish(self, version: ModelVersion) -> None:
        """Make this the preferred version; the one before it becomes the fallback."""
        earlier = (v for v in self._chain(version.tenant, version.model) if v.version != version.version)
        self._write((version, *earlier)[:VERSIONS_KEPT])

    def _chain(self, tenant: str, model: str) -> Chain:
        item = self._table.get_item(Key=_key(tenant, model)).get("Item", {})
        versions: Any = item.get("versions", [])
        return tuple(_version(tenant, model, stored) for stored in versions)

    def _write(self, chain: Chain) -> None:
        key = _key(chain[0].tenant, chain[0].model)
        self._table.put_item(Item={**key, "versions": [_stored(version) for version in chain]})


def _key(tenant: str, model: str) -> dict[str, str]:
    return {"pk": f"tenant#{tenant}", "sk": f"model#{model}"}


def _stored(version: ModelVersion) -> dict[str, str]:
    return {
        "version": version.version,
        "target_model": version.target_model,
        "endpoint": version.endpoint,
        "adapter": version.adapter,
    }


def _version(tenant: str, model: str, stored: dict[str, str]) -> ModelVersion:
    return ModelVersion(
        tenant=tenant,
        model=model,
        version=stored["version"],
        target_model=stored["target_model"],
        endpoint=stored["endpoint"],
        adapter=stored.get("adapter", ""),
    )
