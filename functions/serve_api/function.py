"""Answers the REST API."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import (
    AnswersReviews,
    Appends,
    AsksModels,
    HashesIdentities,
    Keeps,
    KeepsFacts,
    KeepsIndexes,
    PlaysRecordings,
    PublishesBooks,
    Reads,
    ReadsImports,
    ShowsPanels,
    StartsImports,
    VerifiesTokens,
    WritesTexts,
)
from sotto.core.resources import API, AUDIT, CONTACTS, DIRECTORY, ERASURES, HISTORY, MODELS
from sotto.core.triggers import HttpRoutes

FUNCTION = function(
    __name__,
    HttpRoutes(),
    timeout_s=29,  # an HTTP API waits for 30
    memory_mb=1_769,  # one processor
    capability="rest_api",
    stack="rest-api",
    # What the panel is served with, because it serves the same use cases; and what officers, admins and analysts need.
    needs=(
        VerifiesTokens(),
        Keeps(API),
        Keeps(CONTACTS),
        PublishesBooks(),  # an author's playbook
        Reads(MODELS),
        Reads(DIRECTORY),
        AsksModels(),
        WritesTexts(),
        Appends(AUDIT),
        Keeps(HISTORY),
        KeepsIndexes(),
        PlaysRecordings(),
        ShowsPanels(),
        ReadsImports(),  # whether what is to be imported is there
        StartsImports(),
        AnswersReviews(),
        Keeps(ERASURES),
        HashesIdentities(),
        KeepsFacts(),
    ),
)
