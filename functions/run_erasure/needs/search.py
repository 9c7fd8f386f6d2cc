"""Of the erasers of the history and of what is found in it."""

from __future__ import annotations

from sotto.core.needs import Keeps, KeepsIndexes
from sotto.core.resources import HISTORY

NEEDS = (Keeps(HISTORY), KeepsIndexes())
