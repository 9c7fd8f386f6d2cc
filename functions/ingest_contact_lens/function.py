"""Takes Contact Lens's segments for the transcript of calls that no audio worker reads, and of chats."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import Invokes, Keeps, ReadsBooks, ShowsPanels
from sotto.core.resources import CONTACTS
from sotto.core.triggers import ContactLensStream

FUNCTION = function(
    __name__,
    ContactLensStream(),
    timeout_s=60,  # a batch of segments
    snap_start=True,
    needs=(
        Keeps(CONTACTS),
        ReadsBooks(),
        ShowsPanels(),
        Invokes(("orchestrate_utterance", "deliver_annotations")),
    ),
)
