"""What this machine's owner has set for the outside world, kept from the embedded stack and its processes.

A proxy would carry calls' texts away; a profile, or an endpoint of one service, would lead clients out of the stack.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

NOWHERE = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "*", "no_proxy": "*"}
"""For clients that look beside the environment: ~/.aws, and the proxies of macOS's and Windows' settings."""
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "WSS_PROXY", "SOCKS_PROXY", "NO_PROXY")


def without_the_outside(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` without proxies and without everything that configures clients of AWS."""
    kept = {name: value for name, value in environment.items() if not _leads_outside(name)}
    return kept | NOWHERE


def _leads_outside(name: str) -> bool:
    return name.upper() in _PROXIES or name.upper().startswith("AWS_")


@contextmanager
def cut_off() -> Iterator[None]:
    """This process's environment without the outside, until the end; then it is as it was.

    Given clients and sessions of our own would not do: moto makes some at its import and in state machines.
    """
    before = dict(os.environ)
    replace_environment(without_the_outside(before))
    try:
        yield
    finally:
        replace_environment(before)


def replace_environment(wanted: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(wanted)
