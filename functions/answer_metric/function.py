"""Answers forms and questions about metrics, and names the conversations behind a figure, for whoever serves people
that are signed in."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AdmitsSigned, Appends, AsksModels, Keeps, KeepsFacts, Reads, ReadsBooks
from sotto.core.resources import AUDIT, CONTACTS, MODELS

FUNCTION = function(
    __name__,
    timeout_s=30,
    memory_mb=3_538,  # two processors, for DuckDB's two threads
    needs=(
        AdmitsSigned(),
        Keeps(CONTACTS),
        ReadsBooks(),
        KeepsFacts(),
        Appends(AUDIT),
        Reads(MODELS),
        AsksModels(),  # what a question means that no phrase of the lexicon fits
    ),
)
"""Invoked by name by serve_agent and serve_connection, which wait for the answer: with the claims of who asks."""
