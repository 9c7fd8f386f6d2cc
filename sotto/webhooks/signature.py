"""Signatures of Standard Webhooks: ``v1`` is HMAC-SHA256, ``v1a`` ed25519, over ``id.timestamp.body``."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sotto.webhooks.endpoint import Algorithm


def signature(algorithm: Algorithm, key: bytes, message_id: str, at_s: int, body: str) -> str:
    signed = f"{message_id}.{at_s}.{body}".encode()
    if algorithm is Algorithm.HMAC:
        return "v1," + _text(hmac.digest(key, signed, hashlib.sha256))
    return "v1a," + _text(Ed25519PrivateKey.from_private_bytes(key).sign(signed))


def shown(algorithm: Algorithm, key: bytes) -> str:
    """What a receiver verifies with: the secret itself, or the public half of it."""
    if algorithm is Algorithm.HMAC:
        return "whsec_" + _text(key)
    public = Ed25519PrivateKey.from_private_bytes(key).public_key()
    return "whpk_" + _text(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
