"""What the table of contacts holds of a contact, as the person gets it: every item but those that are machinery."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sotto.aws import keys
from sotto.aws.table import Table

MACHINERY = ("lease", "state", "event", "erasure")
"""First parts of sort keys: who transcribes, what a playbook remembers of what is exported, what was announced."""
NAMES: Mapping[str, str] = {
    "utterance": "transcript",
    "annotation": "annotations",
    "summary": "summaries",
    "note": "notes_of_supervisors",
    "question": "questions",
    "evaluation": "evaluations",
    "appeal": "appeals",
    "consent": "consent_decisions",
    "facts": "measured_by_connect",
}
"""What a part of an export is called; another one as its items are."""
REPEATED = ("risk",)
"""Copies of what is exported under another name."""


class RecordsExporter:
    """An Exporter. Bodies are JSON; what is not is left out and counted, so that nobody takes it for missing."""

    name = "records"

    def __init__(self, contacts: Table) -> None:
        self._contacts = contacts

    def export(self, tenant: str, contact_id: str) -> object:
        parts: dict[str, list[Any]] = defaultdict(list)
        for item in self._contacts.between(keys.of_contact(tenant, contact_id), " ", "~"):
            first = item["sk"].partition("#")[0]
            if first in MACHINERY or first in REPEATED or "body" not in item:
                continue
            parts[NAMES.get(first, first.replace("-", "_"))].append(json.loads(item["body"]))
        return dict(parts) or None
