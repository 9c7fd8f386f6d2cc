"""A stored call as it is filed: its summary as text, how it ended, when, by whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sotto.call.after_call_work import AfterCallWork
from sotto.call.contact import Contact
from sotto.call.language import primary
from sotto.call.summary import CallSummary, Origin, SummaryPart
from sotto.filing.crm import CallLog, Direction
from sotto.filing.outbox import FilingRow
from sotto.tenants.filing import Filing, FilingSystem

KEY = "sotto-{contact_id}"
_OUTBOUND = ("OUTBOUND", "CALLBACK", "EXTERNAL_OUTBOUND")
Words = Mapping[str, str]
ENGLISH: Words = {
    "call": "Call",
    "unreviewed": "Made by Sotto, not reviewed by a person",
    "edited": "Made by Sotto, edited by the agent",
    "disposition": "Disposition",
    "suggested": "suggested, not confirmed by the agent",
    "queue": "Queue",
    "notes": "Since then",
    **{part.value: part.value.capitalize() for part in SummaryPart},
    SummaryPart.OVERVIEW.value: "Summary",
    SummaryPart.FACT.value: "Figures and dates",
    SummaryPart.TRIED.value: "What was tried",
    SummaryPart.SENTIMENT.value: "Mood",
    SummaryPart.PROMISE.value: "Promises",
    SummaryPart.REQUEST.value: "Requests",
    SummaryPart.MOMENT.value: "Moments",
}
GERMAN: Words = {
    "call": "Anruf",
    "unreviewed": "Von Sotto erstellt, von niemandem geprüft",
    "edited": "Von Sotto erstellt, vom Agenten bearbeitet",
    "disposition": "Ergebnis",
    "suggested": "vorgeschlagen, vom Agenten nicht bestätigt",
    "queue": "Warteschlange",
    "notes": "Seither",
    SummaryPart.OVERVIEW.value: "Zusammenfassung",
    SummaryPart.REASON.value: "Anliegen",
    SummaryPart.FACT.value: "Zahlen und Daten",
    SummaryPart.TRIED.value: "Was versucht wurde",
    SummaryPart.SENTIMENT.value: "Stimmung",
    SummaryPart.PROMISE.value: "Zusagen",
    SummaryPart.REQUEST.value: "Wünsche",
    SummaryPart.MOMENT.value: "Momente",
    SummaryPart.DONE.value: "Erledigt",
    SummaryPart.OUTCOME.value: "Ausgang",
    SummaryPart.OPEN.value: "Offen",
    SummaryPart.MISSED.value: "Versäumt",
}


def key_of(contact_id: str) -> str:
    return KEY.replace("{contact_id}", contact_id)


def contact_of(key: str) -> str | None:
    """The contact whose call has this key; None for what is not ours."""
    begins = KEY.partition("{")[0]
    return key.removeprefix(begins) if key.startswith(begins) else None


def call_log(
    contact: Contact,
    summary: CallSummary,
    work: AfterCallWork | None,
    system: FilingSystem,
    filing: Filing,
    row: FilingRow,
    language: str,
    notes: Sequence[str] = (),
) -> CallLog:
    """``language``: of the call, in which headings are written. ``notes``: added since, the earliest first."""
    words = GERMAN if primary(language) == "de" else ENGLISH
    disposition, is_chosen = _disposition(work)
    case = contact.attributes.get(system.case_attribute, "").strip() if system.case_attribute else ""
    return CallLog(
        key=key_of(contact.contact_id),
        contact_arn="" if contact.imported else f"{contact.instance_arn}/contact/{contact.contact_id}",
        started_at_ms=contact.media_started_at_ms,
        duration_s=_duration_s(contact, summary),
        direction=Direction.OUTBOUND if contact.initiation_method in _OUTBOUND else Direction.INBOUND,
        subject=_subject(contact, summary, disposition, words),
        text=_text(contact, summary, disposition, words, notes, is_chosen=is_chosen),
        disposition=disposition if is_chosen else "",
        agent=contact.agent or "",
        queue=contact.queue or "",
        link=filing.link.replace("{contact_id}", contact.contact_id),
        person=row.person or "",
        case="" if row.case_is_missing else case,
        number=summary.version,
    )


def digest_of(call: CallLog) -> str:
    """Of what the system would hold. ``number`` alone changes nothing there."""
    content = {name: value for name, value in asdict(call).items() if name != "number"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _disposition(work: AfterCallWork | None) -> tuple[str, bool]:
    """Its title, and whether the agent chose it."""
    found = work.disposition if work is not None else None
    if found is None:
        return "", False
    if found.choice is not None:
        return found.choice.title, True
    return next((each.title for each in found.ranked if each.code == found.suggested), ""), False


def _duration_s(contact: Contact, summary: CallSummary) -> int:
    """Of the talk with an agent, where it is known when that began."""
    began = contact.connected_at_ms or contact.media_started_at_ms
    ended = contact.ended_at_ms or contact.media_started_at_ms + summary.made_at_call_ms
    return max(0, round((ended - began) / 1000))


def _subject(contact: Contact, summary: CallSummary, disposition: str, words: Words) -> str:
    first = next((line.text for line in summary.lines if line.part in (SummaryPart.OVERVIEW, SummaryPart.REASON)), "")
    about = disposition or (first if len(first) <= 120 else first[:119] + "…")
    return ": ".join(filter(None, (words["call"], about or contact.queue or "")))


def _text(
    contact: Contact,
    summary: CallSummary,
    disposition: str,
    words: Words,
    notes: Sequence[str],
    *,
    is_chosen: bool,
) -> str:
    parts = dict.fromkeys(line.part for line in summary.lines)
    found: list[str] = []
    for part in parts:
        found += [f"{words[part.value]}:", *(f"- {line.text}" for line in summary.lines if line.part is part), ""]
    if disposition:
        doubt = "" if is_chosen else f" ({words['suggested']})"
        found.append(f"{words['disposition']}: {disposition}{doubt}")
    if contact.queue:
        found.append(f"{words['queue']}: {contact.queue}")
    if notes:
        found += ["", f"{words['notes']}:", *(f"- {each}" for each in notes), ""]
    return "\n".join([*found, words["edited" if summary.origin is Origin.EDITED else "unreviewed"]]).strip()
