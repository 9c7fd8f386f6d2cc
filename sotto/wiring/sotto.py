"""Everything that functions are made of, as one object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from sotto.core.settings import Settings
from sotto.wiring.alerts import AlertParts
from sotto.wiring.directory import DirectoryParts
from sotto.wiring.guidance import GuidanceParts
from sotto.wiring.rest import RestParts


class Sotto(DirectoryParts, GuidanceParts, RestParts, AlertParts):
    """``Sotto(settings, clock=clock, books=books)``: any property can be given instead of built."""

    @classmethod
    def of(cls, environment: Mapping[str, str], **given: Any) -> Self:
        """Nothing is read, connected or validated until it is asked for."""
        return cls(Settings(environment), **given)
