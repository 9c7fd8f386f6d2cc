"""Unit: the playbooks of the example tenants, on the true words of the sample calls.

No model runs here: what the expectations ask for must be found by the phrases, the clock and the redactor alone, so
that a call is guided when every model is down. Models add to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact, Speaker
from sotto.call.live import CallTime
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.evaluate import checklist_of, evaluate
from sotto.guidance.rules import rules_of
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.compile import compile_policies
from sotto.tenants.redaction_rules import RedactionRules
from sotto.wiring.publishing import book_from

ROOT = Path(__file__).parents[3]
CALLS = ROOT / "events" / "calls"
TENANT_OF = {"bank_cancel": "harbour_bank", "bank_card": "harbour_bank", "garage_brakes": "torque_garage"}
TICK_MS = 3_000
TUESDAY_NOON_MS = 1_795_539_600_000
SUNDAY_EVENING_MS = 1_795_978_800_000
CASES = [
    (call, team) for call in TENANT_OF for team in YAML(typ="safe").load((CALLS / call / "expected.yaml").read_text())
]


def spoken(call: str) -> list[UtteranceResults]:
    lines = [json.loads(line) for line in (CALLS / call / "call.transcript.jsonl").read_text().splitlines()]
    redactor = ConversationRedactor(RedactionRules.of())
    utterances = []
    for seq, line in enumerate(sorted(lines, key=lambda one: one["end_ms"]), start=1):
        speaker, start, end = Speaker(line["speaker"]), round(line["start_ms"]), round(line["end_ms"])
        name = f"{speaker}-{start}"
        safe = redactor.redact(TranscriptResult(speaker, name, start, end, line["text"], is_final=True))
        text = safe.result.text
        utterances.append(
            UtteranceResults(Utterance("t", "c", name, seq, speaker, start, end, text, private=safe.spans))
        )
    return utterances


def events(call: str) -> Iterator[CallEvent]:
    """The utterances as they end, and what the audio worker says every three seconds of call time."""
    utterances = spoken(call)
    tick_ms, seq = TICK_MS, 0
    for one in [*utterances, None]:
        until_ms = one.utterance.end_ms if one else tick_ms + 4_000
        while tick_ms <= until_ms:
            said = [other.utterance for other in utterances if other.utterance.start_ms < tick_ms]
            yield CallTime(tick_ms, min(max((u.end_ms for u in said), default=0), tick_ms), seq)
            tick_ms += TICK_MS
        if one is not None:
            seq = one.utterance.seq
            yield one


def guided(call: str, team: str, at_ms: float = TUESDAY_NOON_MS) -> tuple[list[Annotation], dict[str, str]]:
    book = book_from(ROOT / "tenants" / TENANT_OF[call])
    contact = Contact(book.tenant, "c", "", "", 0, team=team)
    compiled = compile_policies(book, contact, at_ms=at_ms)
    rules = rules_of(
        book.playbook,
        compiled.playbooks,
        policy=compiled.audit,
        version=book.version,
        guidance=book.settings.guidance,
    )
    state, annotations = ConversationState(book.tenant, "c"), []
    for event in events(call):
        considered = evaluate(state, event, rules)
        state = considered.state
        annotations += considered.annotations
    return annotations, {f"{item.checklist}/{item.name}": item.state for item in checklist_of(state, rules)}


@pytest.mark.parametrize(("call", "team"), CASES)
def test_a_sample_call_gets_the_guidance_that_is_expected(call: str, team: str) -> None:
    expected: dict[str, Any] = YAML(typ="safe").load((CALLS / call / "expected.yaml").read_text())[team]
    annotations, checklist = guided(call, team)
    for kind, wanted in ((AnnotationKind.MOMENT, expected["moments"]), (AnnotationKind.ACTION, expected["actions"])):
        for one in wanted:
            times = [made.at_ms for made in annotations if (made.kind, made.name) == (kind, one["name"])]
            assert any(one["after_ms"] <= at_ms <= one["before_ms"] for at_ms in times), (one, times)
    assert checklist == expected["checklist"]
    assert not {made.name for made in annotations} & set(expected["absent"])


def test_one_call_under_two_teams_gets_visibly_different_guidance() -> None:
    actions = {
        team: {made.name for made in guided("bank_cancel", team)[0] if made.kind is AnnotationKind.ACTION}
        for team in ("service", "retention")
    }
    assert "transfer_to_retention" in actions["service"] - actions["retention"]
    assert {"offer_fee_refund", "offer_free_account"} <= actions["retention"] - actions["service"]


@pytest.mark.parametrize(("call", "team"), CASES)
@pytest.mark.parametrize("at_ms", [TUESDAY_NOON_MS, SUNDAY_EVENING_MS])
def test_cards_that_deny_each_other_never_stand_side_by_side_at_any_hour(call: str, team: str, at_ms: float) -> None:
    shown = {made.name for made in guided(call, team, at_ms)[0] if made.kind is AnnotationKind.ACTION}
    assert not {"transfer_to_retention", "no_branch_at_night"} <= shown
    assert not {"offer_appointment", "shops_closed"} <= shown
    assert not {"stop_security_code", "let_customer_finish"} <= shown


def test_while_retention_is_closed_a_call_back_is_offered_and_no_transfer() -> None:
    shown = {made.name for made in guided("bank_cancel", "service", SUNDAY_EVENING_MS)[0]}
    assert "no_branch_at_night" in shown and "transfer_to_retention" not in shown
