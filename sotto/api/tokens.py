"""Tokens that people show: what may be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sotto.core.errors import Rejected, Retryable


class TokenRefused(Rejected):
    """The token proves nothing. The message never holds the token."""


class IssuerUnavailable(Retryable):
    """The issuer's keys could not be read."""


class Tokens(Protocol):
    def claims(self, token: str) -> Mapping[str, Any]:
        """What the token's issuer says of who shows it. Raises TokenRefused and IssuerUnavailable."""
        ...
