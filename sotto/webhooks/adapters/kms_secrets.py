"""Keys that sign, wrapped by the tenant's KMS key: each is a data key, so KMS itself draws it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws.table import StorageUnavailable

MOST_REMEMBERED = 1_000
_CONTEXT = "webhooks"


class KmsSecrets:
    """SecretKeys. ``kms(tenant)`` and ``key_of(tenant)``: as sotto.aws.data_keys. What was opened is remembered for as
    long as the process lives."""

    def __init__(self, kms: Callable[[str], Any], key_of: Callable[[str], str]) -> None:
        self._kms = kms
        self._key_of = key_of
        self._known: dict[tuple[str, str], bytes] = {}

    def make(self, tenant: str) -> tuple[bytes, str]:
        made = self._asked(tenant, "generate_data_key", KeySpec="AES_256")
        return bytes(made["Plaintext"]), base64.b64encode(made["CiphertextBlob"]).decode()

    def open(self, tenant: str, wrapped: str) -> bytes:
        known = self._known.get((tenant, wrapped))
        if known is not None:
            return known
        opened = bytes(self._asked(tenant, "decrypt", CiphertextBlob=base64.b64decode(wrapped))["Plaintext"])
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[tenant, wrapped] = opened
        return opened

    def _asked(self, tenant: str, operation: str, **request: Any) -> Any:
        try:
            ask = getattr(self._kms(tenant), operation)
            context = {"sotto": f"{tenant}#{_CONTEXT}"}
            return ask(KeyId=self._key_of(tenant), EncryptionContext=context, **request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("AccessDeniedException", "NotFoundException", "InvalidCiphertextException"):
                raise
            raise StorageUnavailable(f"KMS: {code}") from error
        except BotoCoreError as error:
            raise StorageUnavailable("KMS could not be reached") from error
