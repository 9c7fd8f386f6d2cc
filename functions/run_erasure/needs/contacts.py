"""Of the erasers of contacts' records and keys."""

from __future__ import annotations

from sotto.core.needs import Keeps
from sotto.core.resources import CONTACTS

NEEDS = (Keeps(CONTACTS),)
