"""Of the eraser of what systems of record have."""

from __future__ import annotations

from sotto.core.needs import FilesCalls, Keeps, ReadsBooks, SearchesProfiles
from sotto.core.resources import CONTACTS

NEEDS = (Keeps(CONTACTS), ReadsBooks(), FilesCalls(), SearchesProfiles())
