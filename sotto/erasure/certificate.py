"""What of a certificate is signed."""

from __future__ import annotations

import json
from dataclasses import asdict

from sotto.erasure.request import Certificate

_NOT_SIGNED = ("key_id", "algorithm", "signature")


def certificate_bytes(certificate: Certificate) -> bytes:
    """The same for equal certificates, whoever writes them out: sorted keys, no spaces, ASCII."""
    fields = {name: value for name, value in asdict(certificate).items() if name not in _NOT_SIGNED}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")
