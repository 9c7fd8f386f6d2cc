"""What our pages may do in a browser, as the header that they are served with: the same deployed and on one machine."""

from __future__ import annotations

from collections.abc import Sequence


def content_security_policy(hosts: Sequence[str], audio: Sequence[str], workspaces: Sequence[str]) -> str:
    """Nothing but the page's own files runs or styles; it connects to ``hosts``, plays what ``audio`` serves, and is
    framed by ``workspaces``: all of these alone."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            f"connect-src 'self' {' '.join(hosts)}".rstrip(),
            f"media-src {_these(audio)}",
            f"frame-src {_these(workspaces)}",
            f"frame-ancestors {_these(workspaces)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _these(sources: Sequence[str]) -> str:
    return " ".join(sources) or "'none'"
