"""What analytics counts of a conversation: rows, and the files of their days."""

from __future__ import annotations

from sotto.core.needs import Keeps, KeepsFacts
from sotto.core.resources import CONTACTS

NEEDS = (Keeps(CONTACTS), KeepsFacts())
