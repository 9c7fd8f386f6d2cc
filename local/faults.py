"""What can be broken on purpose in the middle of a call: ``--fault NAME@SECONDS``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sotto.core.errors import Rejected

FAULTS = {
    "kvs-drop": "cut every GetMedia connection of the call",
    "recogniser-drop": "kill the recogniser's session",
    "worker-kill": "kill the audio worker, as Lambda does",
    "shard-down": "kill the shard's process",
    "channel-drop": "close every real-time connection",
}


class UnknownFault(Rejected):
    """``--fault`` was given something else than NAME@SECONDS."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``at_s``: call time in seconds."""

    name: str
    at_s: float

    @classmethod
    def parsed(cls, text: str) -> Fault:
        name, _, seconds = text.partition("@")
        if name not in FAULTS:
            raise UnknownFault(f"--fault {text!r}: {name!r} is not known; use one of {', '.join(FAULTS)}")
        try:
            at_s = float(seconds)
        except ValueError:
            raise UnknownFault(f"--fault {text!r}: give the second after an @, such as {name}@12.5") from None
        if not math.isfinite(at_s) or at_s < 0:
            raise UnknownFault(f"--fault {text!r}: the second must be 0 or more and finite, such as {name}@12.5")
        return cls(name, at_s)
