"""How Genesys Cloud authenticates to an AudioHook server: HTTP message signatures (draft 11 of RFC 9421), HMAC-SHA256.

https://developer.genesys.cloud/devapps/audiohook/security
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from media_gateway.protocols.audiohook import AudioHookProtocol
from media_gateway.protocols.protocol import GatewayEntry, Handshake, NotAuthenticated

OLDEST_S = 10.0
"""Also of a clock that is ahead."""
REFUSED_AFTER_MS = 500.0
SHORTEST_NONCE = 22
COMPONENTS = (
    "@request-target", "@authority", "audiohook-organization-id", "audiohook-session-id", "audiohook-correlation-id",
    "x-api-key",
)  # fmt: skip
_INPUT = re.compile(r'([a-z0-9_*.-]+)=(\(((?:"[a-z0-9@-]+" ?)*)\)((?:;[a-z]+=(?:"[^"\\]*"|\d+))*))')
_PARAMETER = re.compile(r';([a-z]+)=(?:"([^"\\]*)"|(\d+))')
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """``written``: what is signed as @signature-params."""

    label: str
    components: tuple[str, ...]
    parameters: Mapping[str, str]
    written: str


def signature_input(text: str) -> SignatureInput:
    """Raises NotAuthenticated."""
    found = _INPUT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        raise NotAuthenticated("Signature-Input is missing, or not as AudioHook writes it")
    parameters = {name: quoted or number for name, quoted, number in _PARAMETER.findall(found[4])}
    return SignatureInput(found[1], tuple(re.findall(r'"([^"]+)"', found[3])), parameters, found[2])


def signature_base(signed: SignatureInput, handshake: Handshake) -> bytes:
    """Raises NotAuthenticated where a component is not there."""
    derived = {"@request-target": handshake.path, "@authority": handshake.host, "host": handshake.host}
    lines = []
    for name in signed.components:
        value = derived.get(name, handshake.headers.get(name))
        if value is None:
            raise NotAuthenticated(f"{name} is signed, and is not there")
        lines.append(f'"{name}": {" ".join(value.split())}')
    return "\n".join([*lines, f'"@signature-params": {signed.written}']).encode()


def signature(base: bytes, client_secret: bytes) -> str:
    return base64.b64encode(hmac.new(client_secret, base, hashlib.sha256).digest()).decode()


class Genesys:
    """The secret is JSON with ``api_key`` and ``client_secret``, which is in base64 as Genesys Cloud has it."""

    status = HTTPStatus.UNAUTHORIZED
    wait_ms = REFUSED_AFTER_MS

    def authenticate(self, handshake: Handshake, secret: str, entry: GatewayEntry, now_s: float) -> None:
        api_key, client_secret = _credentials(secret)
        headers = handshake.headers
        if headers.get("audiohook-organization-id", "") != entry.account:
            raise NotAuthenticated("Audiohook-Organization-Id: not the organization that this gateway is for")
        if not hmac.compare_digest(headers.get("x-api-key", "").encode("utf-8", "replace"), api_key.encode()):
            raise NotAuthenticated("X-API-KEY is not the one that this gateway knows")
        signed = signature_input(headers.get("signature-input", ""))
        if not set(COMPONENTS) <= set(signed.components):
            raise NotAuthenticated("Signature-Input does not cover all that must be signed")
        _check(signed.parameters, api_key, now_s)
        brought = headers.get("signature", "").strip()
        expected = f"{signed.label}=:{signature(signature_base(signed, handshake), client_secret)}:"
        if not hmac.compare_digest(brought.encode("utf-8", "replace"), expected.encode()):
            raise NotAuthenticated("Signature is not that of this request")

    def protocol(self, handshake: Handshake, entry: GatewayEntry) -> AudioHookProtocol:
        return AudioHookProtocol(entry.account, handshake.headers.get("audiohook-session-id", ""))


def _check(parameters: Mapping[str, str], api_key: str, now_s: float) -> None:
    if parameters.get("alg", "") != "hmac-sha256" or parameters.get("keyid", "") != api_key:
        raise NotAuthenticated("Signature-Input: alg must be hmac-sha256, and keyid the API key")
    if len(parameters.get("nonce", "")) < SHORTEST_NONCE:
        raise NotAuthenticated("Signature-Input: nonce is too short")
    created, expires = parameters.get("created", ""), parameters.get("expires", "")
    if not (created.isdecimal() and expires.isdecimal()):
        raise NotAuthenticated("Signature-Input: created and expires are needed")
    if abs(now_s - int(created)) > OLDEST_S or now_s > int(expires):
        raise NotAuthenticated("Signature-Input: was not made within the last ten seconds; compare both clocks")


def _credentials(secret: str) -> tuple[str, bytes]:
    """What cannot be read signs for nobody."""
    try:
        fields = json.loads(secret)
        found = str(fields["api_key"]), base64.b64decode(fields["client_secret"], validate=True)
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise NotAuthenticated("the gateway's secret has no api_key and client_secret") from None
    if not (found[0] and found[1]):
        raise NotAuthenticated("the gateway's secret has no api_key and client_secret")
    return found
