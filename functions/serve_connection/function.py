"""Answers what desktops ask over the WebSocket API."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import (
    AnswersDesktops,
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
from sotto.core.resources import AUDIT, CONNECTIONS, CONTACTS, DIRECTORY, HISTORY, MODELS
from sotto.core.triggers import SocketRoutes

FUNCTION = function(
    __name__,
    SocketRoutes(("ping", "ask", "subscribe", "unsubscribe", "$default")),
    timeout_s=10,
    snap_start=True,
    channel="websocket",
    needs=(
        Keeps(CONNECTIONS),
        AnswersDesktops(),
        Keeps(CONTACTS),
        PublishesBooks(),  # an author's playbook
        Reads(MODELS),
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
