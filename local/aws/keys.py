"""The KMS keys of a deployment: one of each tenant, under which data keys are wrapped, and the one that signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

TENANT_KEY = "alias/sotto-tenant-{tenant}"
CERTIFICATE_KEY = "alias/sotto-certificates"


def create_keys(tenants: Iterable[str], kms: Any) -> dict[str, str]:
    """As the engineer. What functions are told of them."""
    for tenant in tenants:
        _create(kms, TENANT_KEY.replace("{tenant}", tenant), KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")
    _create(kms, CERTIFICATE_KEY, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return keys_environment()


def keys_environment() -> dict[str, str]:
    return {"SOTTO_TENANT_KEY": TENANT_KEY, "SOTTO_CERTIFICATE_KEY": CERTIFICATE_KEY}


def _create(kms: Any, alias: str, **how: str) -> None:
    key = kms.create_key(**how)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=alias, TargetKeyId=key)
