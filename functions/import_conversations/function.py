"""Imports conversations of the past: a page of an import."""

from __future__ import annotations

from sotto.core.function_spec import function
from sotto.core.needs import AsksModels, HashesIdentities, Keeps, Reads, ReadsBooks, ReadsImports, Recognises
from sotto.core.resources import CONTACTS, DIRECTORY, ERASURES, IMPORT_CONVERSATIONS, MODELS
from sotto.core.triggers import TaskOf

FUNCTION = function(
    __name__,
    TaskOf(IMPORT_CONVERSATIONS),
    timeout_s=900,  # what is not done by then the next invocation does
    memory_mb=1_769,  # one processor; in memory are a few minutes of audio
    capability="imports",
    stack="imports",
    needs=(
        Keeps(CONTACTS),
        Keeps(ERASURES),  # by whom a conversation is found when they ask for erasure
        HashesIdentities(),
        Reads(DIRECTORY),  # agents by name
        Reads(MODELS),
        AsksModels(),
        ReadsBooks(),
        ReadsImports(),
        Recognises(),
    ),
)
