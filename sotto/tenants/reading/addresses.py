"""Addresses of services, as they may stand in a declaration."""

from __future__ import annotations

from urllib.parse import urlsplit

from sotto.tenants.reading.places import YamlPlace

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def address(place: YamlPlace) -> str | None:
    """``https://host/path`` without a slash at its end. ``http`` is for this machine alone: secrets are sent there."""
    text = place.text()
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or any(letter.isspace() for letter in text):
        place.wrong(f"'{text}' is not an address; write for example https://www.example.com")
    elif parts.scheme != "https" and not (parts.scheme == "http" and host in _THIS_MACHINE):
        place.wrong(f"'{text}' would be read in clear; write https://")
    elif parts.username or parts.password:
        place.wrong("take user and password out of the address; a secret is named, never written here")
    elif parts.query or parts.fragment:
        place.wrong("take what stands behind '?' or '#' out of the address")
    else:
        return text.rstrip("/")
    return None


def origin(url: str) -> str:
    """``https://host`` or ``https://host:port``, as it is compared and as residency takes it; empty for no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
