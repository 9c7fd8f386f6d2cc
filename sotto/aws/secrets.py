"""Keys of other companies' APIs: from Secrets Manager, replaced there without a restart here; or as given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.api_keys import KeyMissing, KeyUnavailable
from sotto.core.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_MS = 300_000
FETCH_AGAIN_AFTER_MS = 1_000
"""Refusals of a wrong key come at every call; Secrets Manager is not asked more often than this."""
_PERMANENT = ("ResourceNotFoundException", "AccessDeniedException", "InvalidRequestException", "DecryptionFailure")


@dataclass(frozen=True, slots=True)
class GivenKey:
    key: str

    def current(self) -> str:
        return self.key

    def refused(self, key: str) -> None:
        """There is no other."""


class SecretsManagerKey:
    """``secret_id``: name or ARN. The secret is the key itself, or a JSON object with it under ``field``.

    Safe to share between threads; nothing is fetched before the first use.
    """

    def __init__(self, client: SecretsManagerClient, secret_id: str, clock: Clock, *, field: str = "api_key") -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._field = field
        self._lock = Lock()
        self._key: str | None = None
        self._fetched_at_ms = float("-inf")

    def current(self) -> str:
        """Raises KeyMissing when the secret is missing or has another shape, else KeyUnavailable."""
        with self._lock:
            if self._key is None or self._clock.monotonic_ms() - self._fetched_at_ms >= KEPT_MS:
                self._key = self._fetched()
                self._fetched_at_ms = self._clock.monotonic_ms()
            return self._key

    def refused(self, key: str) -> None:
        """Forget ``key``, unless another call has replaced it already or it was fetched a moment ago."""
        with self._lock:
            if key == self._key and self._clock.monotonic_ms() - self._fetched_at_ms >= FETCH_AGAIN_AFTER_MS:
                self._key = None

    def _fetched(self) -> str:
        try:
            secret = self._client.get_secret_value(SecretId=self._secret_id).get("SecretString", "")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _PERMANENT:
                raise KeyMissing(f"secret {self._secret_id}: {code}; create it or allow reading it") from error
            raise KeyUnavailable(f"Secrets Manager answered {code}") from error
        except BotoCoreError as error:
            raise KeyUnavailable(f"Secrets Manager cannot be reached: {type(error).__name__}") from error
        return self._key_in(secret)

    def _key_in(self, secret: str) -> str:
        try:
            fields = json.loads(secret)
        except ValueError:
            fields = None
        key = fields.get(self._field, "") if isinstance(fields, dict) else secret.strip()
        if not isinstance(key, str) or not key:
            raise KeyMissing(f"secret {self._secret_id}: write the key itself, or JSON with '{self._field}'")
        return key


class WholeSecret(SecretsManagerKey):
    """All that the secret says, whatever its shape is."""

    def _key_in(self, secret: str) -> str:
        if not secret.strip():
            raise KeyMissing(f"secret {self._secret_id}: is empty")
        return secret
