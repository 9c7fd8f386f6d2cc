"""Answers the panel's queries and mutations."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import (
    AdmitsSigned,
    AnswersReviews,
    Appends,
    AsksModels,
    Invokes,
    Keeps,
    KeepsIndexes,
    PlaysRecordings,
    PublishesBooks,
    Reads,
    ShowsPanels,
    WritesTexts,
)
from sotto.core.resources import AUDIT, CONTACTS, DIRECTORY, HISTORY, MODELS
from sotto.core.triggers import GraphQLFields

FUNCTION = function(
    __name__,
    GraphQLFields(),
    timeout_s=10,
    snap_start=True,
    # Agents search the knowledge themselves, and ask about calls.
    needs=(
        AdmitsSigned(),
        Keeps(CONTACTS),
        PublishesBooks(),  # an author's playbook
        Keeps(MODELS),  # a version on trial is taken back from the manager's app
        Reads(DIRECTORY),
        AsksModels(),
        WritesTexts(),
        Appends(AUDIT),
        Keeps(HISTORY),  # the key that cursors are signed with
        KeepsIndexes(),
        PlaysRecordings(),
        ShowsPanels(),  # a supervisor's note, to the agent
        AnswersReviews(),
        Invokes(("answer_metric",)),
    ),
)
