"""Answers a form over metrics, or names the conversations behind it, for whoever serves people that are signed in."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AdmitsSigned, Appends, Keeps, KeepsFacts, ReadsBooks
from sotto.core.resources import AUDIT, CONTACTS

FUNCTION = function(
    __name__,
    timeout_s=30,
    memory_mb=3_538,  # two processors, for DuckDB's two threads
    needs=(AdmitsSigned(), Keeps(CONTACTS), ReadsBooks(), KeepsFacts(), Appends(AUDIT)),
)
