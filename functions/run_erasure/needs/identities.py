"""Of the eraser of what people are found by, which is also where requests and holds are."""

from __future__ import annotations

from sotto.core.needs import HashesIdentities, Keeps
from sotto.core.resources import ERASURES

NEEDS = (Keeps(ERASURES), HashesIdentities())
