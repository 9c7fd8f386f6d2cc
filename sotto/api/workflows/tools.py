"""The tools of workflows (sotto.workflows.tools), out of what is stored of the run's conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.call.language import primary
from sotto.call.summary import CallSummary, SummaryLine, SummaryPart
from sotto.filing.notes import CallNote, CallNotes
from sotto.filing.outbox import FilingRows
from sotto.guidance.stored_call import MOST_ANNOTATIONS, MOST_UTTERANCES, StoredCall
from sotto.tenants.article_text import sentences
from sotto.tenants.book import BookReader
from sotto.tenants.guidance_settings import gravity
from sotto.workflows.tools import (
    BadArguments,
    FindMoments,
    FindPromises,
    FindSpoken,
    NoArguments,
    NoteInCrm,
    ToolOrder,
)

MOST_ITEMS = 20
LONGEST = 300
LONGEST_NOTE = 600
"""Without its reason."""
AFTER_DAYS = 2
"""When a promise is looked after for which nobody named a day."""
Shape = Mapping[str, Any]

_WORDS = {
    "promise_kept": {"en": "Promise kept", "de": "Zusage gehalten"},
    "promise_broken": {"en": "Promise not kept", "de": "Zusage nicht gehalten"},
    "complaint_taken": {"en": "A complaint, which somebody has taken on", "de": "Eine Beschwerde, übernommen"},
    "complaint_answered": {"en": "The complaint was answered", "de": "Die Beschwerde ist beantwortet"},
    "customer_contacted": {"en": "The customer was contacted", "de": "Mit dem Kunden wurde gesprochen"},
}
_OUTCOMES = {
    "stays": {"en": "they stay", "de": "bleibt"},
    "leaves": {"en": "they leave", "de": "geht"},
}


class SummaryReader(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...


class ConversationTools:
    """A Toolbox."""

    def __init__(
        self, calls: StoredCall, summaries: SummaryReader, rows: FilingRows, notes: CallNotes, books: BookReader
    ) -> None:
        self._calls = calls
        self._summaries = summaries
        self._rows = rows
        self._notes = notes
        self._books = books

    def call(self, tool: str, arguments: Any, order: ToolOrder) -> Shape:
        if isinstance(arguments, FindPromises):
            return self._promises(arguments, order)
        if isinstance(arguments, FindMoments):
            return self._moments(arguments, order)
        if isinstance(arguments, FindSpoken):
            return self._spoken(arguments, order)
        if isinstance(arguments, NoteInCrm):
            return self._noted(arguments, order)
        if isinstance(arguments, NoArguments):
            return {"read_summary": self._summary, "read_filing": self._filing}[tool](order)
        raise BadArguments(f"{tool}: its arguments are of another tool")

    def _lines(self, order: ToolOrder) -> Sequence[SummaryLine]:
        found = self._summaries.summary(order.contact.tenant, order.contact.contact_id)
        return found.lines if found is not None else ()

    def _promises(self, asked: FindPromises, order: ToolOrder) -> Shape:
        wanted = {"agent": (Speaker.AGENT,), "customer": (Speaker.CUSTOMER,)}.get(asked.by)
        lines = [each for each in self._lines(order) if each.part is SummaryPart.PROMISE]
        found = [
            {
                "text": each.text[:LONGEST],
                "owner": each.owner.value if each.owner else "",
                "due": each.due,
                "due_at_ms": _due_at_ms(each.due, order.contact.media_started_at_ms),
                "rests_on": list(each.rests_on),
            }
            for each in lines
            if wanted is None or each.owner in wanted
        ]
        found.sort(key=lambda each: each["due_at_ms"])
        return _counted(found)

    def _moments(self, asked: FindMoments, order: ToolOrder) -> Shape:
        about = order.contact
        found = {
            each.name: {"name": each.name, "title": str(each.show["title"])[:LONGEST], "severity": each.severity}
            for each in self._calls.annotations(about.tenant, about.contact_id, 0, MOST_ANNOTATIONS)
            if each.kind is AnnotationKind.MOMENT
            and each.show.get("title")
            and gravity(each.severity) >= gravity(asked.severity)
            and (not asked.names or each.name in asked.names)
        }
        return _counted(list(found.values()))

    def _spoken(self, asked: FindSpoken, order: ToolOrder) -> Shape:
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, asked.words))})\b", re.IGNORECASE)
        about = order.contact
        found = [
            {"text": sentence[:LONGEST], "rests_on": [each.id], "speaker": each.speaker.value}
            for each in self._calls.utterances(about.tenant, about.contact_id, 0, MOST_UTTERANCES)
            if asked.by == "anyone" or each.speaker.value == asked.by
            for sentence in sentences(each.text)
            if pattern.search(sentence)
        ]
        return _counted(found)

    def _summary(self, order: ToolOrder) -> Shape:
        lines = self._lines(order)
        mood = next((each.text for each in lines if each.part is SummaryPart.SENTIMENT), "")
        shown = [{"part": each.part.value, "text": each.text[:LONGEST]} for each in lines[:MOST_ITEMS]]
        return {"is_there": bool(lines), "lines": shown, "mood": mood[:LONGEST]}

    def _filing(self, order: ToolOrder) -> Shape:
        rows = self._rows.rows(order.contact.tenant, order.contact.contact_id)
        return _counted([{"system": each.system, "state": each.state.value} for each in rows])

    def _noted(self, asked: NoteInCrm, order: ToolOrder) -> Shape:
        """The note and the event by which it is filed are one write; the key makes it one however often."""
        about = order.contact
        book = self._books.current(about.tenant)
        language = "de" if primary(book.settings.language_of(about)) == "de" else "en"
        says = [_WORDS[asked.subject][language]]
        if asked.outcome:
            says.append(_OUTCOMES.get(asked.outcome, {}).get(language, asked.outcome))
        text = ": ".join([", ".join(says), *([asked.about] if asked.about else [])])
        text = text[:LONGEST_NOTE] + (f" ({asked.reason})" if asked.reason else "")
        self._notes.add(CallNote(about.tenant, about.contact_id, order.key, text, order.at_ms))
        return {"systems": [each.name for each in book.filing.systems]}


def _counted(items: list[Any]) -> Shape:
    return {"count": len(items), "items": items[:MOST_ITEMS]}


def _due_at_ms(due: str, began_ms: int) -> int:
    """The end of the working day, by UTC."""
    try:
        day = datetime.fromisoformat(due).replace(tzinfo=UTC)
    except ValueError:
        day = datetime.fromtimestamp(began_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        day += timedelta(days=AFTER_DAYS)
    return int(day.replace(hour=17).timestamp() * 1000)
