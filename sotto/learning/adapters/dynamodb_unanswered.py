"""What agents asked during a call and no article answers, as it lies beside the call."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sotto.aws import keys
from sotto.aws.table import Table
from sotto.learning.gaps.ports import Question

QUESTION, KNOWLEDGE = "question#", "knowledge"


class DynamoUnanswered:
    """An UnansweredQuestions, over what sotto.api keeps of questions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def unanswered(self, tenant: str, contact_id: str) -> Sequence[Question]:
        items = self._table.between(keys.of_contact(tenant, contact_id), QUESTION, QUESTION + "~")
        asked = (json.loads(item["body"]) for item in items)
        return [
            Question(each["at_ms"], each["question"])
            for each in asked
            if each["subject"] == KNOWLEDGE and not each["found"]
        ]
