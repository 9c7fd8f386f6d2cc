"""Of the eraser of what was learned: whose examples are in which set."""

from __future__ import annotations

from sotto.core.needs import Keeps
from sotto.core.resources import MODELS

NEEDS = (Keeps(MODELS),)
