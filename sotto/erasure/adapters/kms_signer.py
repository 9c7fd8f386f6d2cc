"""Certificates signed by an asymmetric KMS key: whoever has its public half can check them without us."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sotto.core.errors import Retryable
from sotto.erasure.certificate import certificate_bytes
from sotto.erasure.request import Certificate

ALGORITHM = "ECDSA_SHA_256"


class SigningUnavailable(Retryable):
    """KMS throttled us or could not be reached."""


class KmsSigner:
    """``key``: id, ARN or alias of a key of P-256 for signing."""

    def __init__(self, kms: Any, key: str) -> None:
        self._kms = kms
        self._key = key

    def signed(self, certificate: Certificate) -> Certificate:
        try:
            made = self._kms.sign(
                KeyId=self._key,
                Message=certificate_bytes(certificate),
                MessageType="RAW",
                SigningAlgorithm=ALGORITHM,
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("AccessDeniedException", "NotFoundException"):
                raise
            raise SigningUnavailable(f"KMS: {code}") from error
        except BotoCoreError as error:
            raise SigningUnavailable("KMS could not be reached") from error
        signature = base64.b64encode(made["Signature"]).decode()
        return replace(certificate, key_id=made["KeyId"], algorithm=ALGORITHM, signature=signature)

    def public_key(self) -> bytes:
        """DER, as KMS gives it."""
        return bytes(self._kms.get_public_key(KeyId=self._key)["PublicKey"])


def is_genuine(certificate: Certificate, public_key: bytes) -> bool:
    """Whether the key's owner signed exactly this. ``public_key``: DER."""
    key = load_der_public_key(public_key)
    if not isinstance(key, EllipticCurvePublicKey) or certificate.algorithm != ALGORITHM:
        return False
    try:
        signature = base64.b64decode(certificate.signature, validate=True)
        key.verify(signature, certificate_bytes(certificate), ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
