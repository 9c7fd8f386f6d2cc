"""Tokens that people show: what may be wrong with one."""

from __future__ import annotations

from sotto.core.errors import Rejected, Retryable


class TokenRefused(Rejected):
    """The token proves nothing. The message never holds the token."""


class IssuerUnavailable(Retryable):
    """The issuer's keys could not be read."""
