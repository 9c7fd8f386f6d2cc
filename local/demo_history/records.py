"""Records of a made-up conversation, as a call leaves them: a contact, what was said, a summary, how it ended. Each
says of itself that it is made up: the contact by an attribute, which its facts follow; its queue and its summary in
words, which people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from local.demo_history.plan import duration_ms, started_ms
from sotto.analytics.facts.of_conversation import SYNTHETIC, ConversationFacts
from sotto.call.after_call_work import AfterCallWork, Choice, Disposition, RankedCode, Written
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance

WORDS = Path(__file__).with_name("words.yaml")
LABEL = "made up"
_A_WORD_MS, _A_PAUSE_MS = 320, 700


@dataclass(frozen=True, slots=True)
class MadeUp:
    contact: Contact
    utterances: tuple[Utterance, ...]
    summary: CallSummary
    work: AfterCallWork

    @property
    def waiting(self) -> Contact:
        """As it was before anybody answered."""
        return replace(
            self.contact,
            agent=None,
            agent_name=None,
            team=None,
            status=ContactStatus.STARTED,
            connected_at_ms=None,
            ended_at_ms=None,
            version=0,
        )


def made_up(tenant: str, instance_arn: str, facts: ConversationFacts) -> MadeUp | None:
    """None of a conversation that no agent had: nothing was said in it."""
    row = facts.rows["conversation"][0]
    script = _words().get(str(row.get("disposition")))
    if not row["answered"] or not isinstance(script, Mapping):
        return None
    contact = _contact(tenant, instance_arn, facts, row)
    spoken = tuple(_utterances(contact, script))
    lines = (
        SummaryLine(SummaryPart.OVERVIEW, f"[{LABEL}] {script['summary']}"),
        SummaryLine(SummaryPart.REASON, spoken[1].text, (spoken[1].id,)),
    )
    end_ms = int(contact.ended_at_ms or 0)
    summary = CallSummary(
        tenant,
        contact.contact_id,
        lines,
        Origin.QUOTED,
        "",
        through_seq=len(spoken),
        made_at_ms=end_ms,
        made_at_call_ms=end_ms - contact.media_started_at_ms,
    )
    return MadeUp(contact, spoken, summary, _work(contact, str(row["disposition"]), end_ms))


def _work(contact: Contact, code: str, at_ms: int) -> AfterCallWork:
    title = code.replace("_", " ").capitalize()
    choice = Choice(code, title, str(contact.agent), at_ms, Written.DONE)
    disposition = Disposition((RankedCode(code, title, 1.0),), code, LABEL, choice)
    return AfterCallWork(contact.tenant, contact.contact_id, disposition=disposition, version=1)


def _contact(tenant: str, instance_arn: str, facts: ConversationFacts, row: Mapping[str, Any]) -> Contact:
    start_ms = started_ms(facts)
    agent = str(row["agent"])
    return Contact(
        tenant=tenant,
        contact_id=facts.conversation,
        instance_arn=instance_arn,
        stream_arn="",
        media_started_at_ms=start_ms,
        queue=f"{row['queue']} ({LABEL})",
        agent=agent,
        agent_name=agent.title(),
        team=str(row["team"]),
        status=ContactStatus.ENDED,
        attributes={SYNTHETIC: "true"},
        enqueued_at_ms=start_ms,
        connected_at_ms=start_ms + 1000 * float(row["queue_s"]),
        ended_at_ms=start_ms + duration_ms(facts),
        version=1,
    )


def _utterances(contact: Contact, script: Mapping[str, Any]) -> Iterator[Utterance]:
    words = _words()
    spoken = [("agent", words["greeting"]), *(next(iter(each.items())) for each in script["utterances"])]
    spoken.append(("agent", words["farewell"]))
    at_ms = int((contact.connected_at_ms or 0) - contact.media_started_at_ms)
    for seq, (speaker, text) in enumerate(spoken, 1):
        text = text.format(agent=contact.agent_name)
        end_ms = at_ms + _A_WORD_MS * len(text.split())
        yield Utterance(
            contact.tenant, contact.contact_id, f"{speaker}-{at_ms}", seq, Speaker(speaker), at_ms, end_ms, text
        )
        at_ms = end_ms + _A_PAUSE_MS


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))
    return found
