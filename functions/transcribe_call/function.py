"""The audio worker."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, ReadsBooks, ReadsMedia, Recognises, ShowsPanels
from sotto.core.resources import CONTACTS
from sotto.core.settings import WorkerLimit
from sotto.core.triggers import Events

FUNCTION = function(
    __name__,
    # An event ages while its worker runs: with a lower limit a worker that crashes late would never be retried.
    Events(max_age_s=3_600, failures_to="follow_contact"),
    timeout_s=900,  # Lambda's own limit; a longer call is handed over, and for a while two workers read it
    # Its process needs 140 MB; what it has more buys processor time, to start and to send a final on (docs/cost.md).
    memory_mb=512,
    calls_itself=True,
    share_of_calls=1.1,
    needs=(
        ReadsMedia(),
        Recognises(),
        Keeps(CONTACTS),
        ReadsBooks(),
        ShowsPanels(),
        Invokes(("transcribe_call", "orchestrate_utterance", "deliver_annotations")),
        Invokes(("guard_recording",)),  # while a card is due
    ),
    settings=(WorkerLimit,),
)
