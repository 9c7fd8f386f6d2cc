"""Hostile: no text makes redaction raise; if one ever does, it is withheld and the call goes on."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile_texts import SIGNS, WORDS, cut_at_every_token, result_of
from local.simulation.call import SimulatedCall
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Speaker
from sotto.call.transcript_result import Word
from sotto.consent.gate import ConsentGate
from sotto.consent.rules import ConsentDecision, ConsentListener
from sotto.recognition.adapters.transcribe_results import SentAudio, recognised
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.detectors.spoken.pack import SpokenPack
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.finding import Finding
from sotto.redaction.typed import redact_typed
from sotto.redaction.withheld import CONSENT_NOT_READ, MASK, MEMORY_NOT_READ, REDACTION_FAILED
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule
from sotto.tenants.redaction_rules import RedactionRules
from tests.hostile.spoken_call import CALL_SECONDS, call_with, lost_samples

EVENTS = Path(__file__).parents[2] / "events" / "recogniser" / "transcribe_events.jsonl"
JOINTS = ("dot", "plus", "point", "dash", "underscore", "hyphen")


def fails(text: str) -> list[Finding]:
    raise IndexError(f"list index out of range at {text}")


class FailingPack(SpokenPack):
    def findings(self, text: str, **given: Any) -> list[Finding]:
        return fails(text)


class Alarms(list[str]):
    def ring(self, why: str) -> None:
        self.append(why)


def failing(alarms: Alarms) -> ConversationRedactor:
    return ConversationRedactor(RedactionRules(), alarms.ring, FailingPack(ENGLISH.language))


@pytest.mark.parametrize("sign", "?.!:)'\"")
@pytest.mark.parametrize("joint", JOINTS)
def test_a_sign_after_a_word_of_addresses_is_no_part_of_one(joint: str, sign: str) -> None:
    text = f"What is the {joint}{sign}"
    redacted = ConversationRedactor(RedactionRules()).unguarded(result_of(text, is_final=False))
    assert redacted.result.text == text


texts = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(SIGNS), st.text(max_size=3)), max_size=14)


@settings(max_examples=500, deadline=None)
@given(pieces=texts, glue=st.sampled_from(["", " ", "  ", ", "]), is_final=st.booleans())
def test_no_text_whatever_makes_the_redactor_raise(pieces: list[str], glue: str, is_final: bool) -> None:
    for rules in (RedactionRules(), RedactionRules.everything()):
        redactor = ConversationRedactor(rules)
        redactor.unguarded(result_of("what's your email address", is_final=True))
        redactor.unguarded(result_of(glue.join(pieces), is_final=is_final))


@settings(max_examples=200, deadline=None)
@given(pieces=texts, words=st.lists(st.text(max_size=6), max_size=6))
def test_words_that_do_not_fit_the_text_make_nothing_fail(pieces: list[str], words: list[str]) -> None:
    timed = tuple(Word(word, i * 100.0, i * 100.0 + 90) for i, word in enumerate(words))
    odd = replace(result_of(" ".join(pieces), is_final=True), words=timed)
    ConversationRedactor(RedactionRules.everything()).unguarded(odd)


def test_transcribes_punctuated_results_pass_cut_anywhere() -> None:
    timeline = SentAudio(0.0)
    redactor = ConversationRedactor(RedactionRules.everything())
    for line in EVENTS.read_text().splitlines():
        for result in recognised(json.loads(line), timeline):
            redactor.unguarded(result)
            for text in cut_at_every_token(result.text):
                redactor.unguarded(result_of(text, is_final=False))


def test_a_text_that_redaction_fails_on_is_withheld_as_a_whole(caplog: pytest.LogCaptureFixture) -> None:
    alarms = Alarms()
    said = replace(result_of("My name is Ada Lovelace", is_final=True), words=(Word("Ada", 0.0, 9.0),), end_ms=900.0)
    with caplog.at_level(logging.ERROR):
        redacted = failing(alarms).redact(said)
    assert (redacted.result.text, redacted.result.words) == (MASK, ())
    assert [(span.kind, span.end_ms, span.end_char) for span in redacted.spans] == [("withheld", 900.0, len(MASK))]
    assert alarms == [REDACTION_FAILED]
    assert "Lovelace" not in caplog.text and "Lovelace" not in str([vars(each) for each in caplog.records])
    assert caplog.records[0].problem == "IndexError" and caplog.records[0].at.startswith("test_redactor")


def test_half_a_character_never_reaches_the_store() -> None:
    alarms = Alarms()
    half = result_of("so I said \ud83d to him", is_final=True)
    assert ConversationRedactor(RedactionRules(), alarms.ring).redact(half).result.text == MASK
    assert alarms == [REDACTION_FAILED]


def test_what_was_expected_is_still_expected_after_a_text_that_failed() -> None:
    redactor = ConversationRedactor(RedactionRules())
    redactor.redact(result_of("what is your card number", is_final=True))
    before = redactor.memory()
    redactor.pack = FailingPack(ENGLISH.language)
    redactor.redact(result_of("it is the blue one", is_final=True))
    assert redactor.memory() == before != "null"


def test_typed_text_that_fails_is_withheld_too(monkeypatch: pytest.MonkeyPatch) -> None:
    alarms = Alarms()
    monkeypatch.setattr(SpokenPack, "findings", lambda self, text, **given: fails(text))
    assert redact_typed("call 0171 555 1234", RedactionRules(), alarm=alarms.ring) == MASK
    assert alarms == [REDACTION_FAILED]


def test_a_text_that_cannot_be_read_for_consent_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    alarms = Alarms()
    monkeypatch.setattr(ConsentListener, "decide", lambda self, speaker, text: fails(text))
    redactor = ConsentGate(
        ConversationRedactor(RedactionRules()),
        ConsentRule(ConsentBasis.ALWAYS),
        ConsentDecision(True, "always"),
        alarm=alarms.ring,
    )
    assert redactor.redact(result_of("Good morning", is_final=True)).result.text == MASK
    assert alarms == [CONSENT_NOT_READ]


def test_a_memory_of_another_release_ends_no_worker() -> None:
    alarms = Alarms()
    ConversationRedactor(RedactionRules(), alarms.ring).remember('{"kind": "shoe_size", "since_ms": 1}')
    assert alarms == [MEMORY_NOT_READ]


QUESTION = "Well what is the point? I mean it. And what a plus! Use dash, dot. and underscore? Fine."


def test_asking_what_the_point_is_loses_no_sample_of_the_call(tmp_path: Path) -> None:
    async def main() -> SimulatedCall:
        call = call_with(tmp_path, QUESTION, "Thank you, that is all.")
        await call.run()
        return call

    call = run_virtually(main)
    assert call.errors == [] and [outcome.how for outcome in call.outcomes] == ["finished"]
    assert lost_samples(call) == {"customer": 0, "agent": 0}
    assert call.sink.ticks[-1].call_time_ms == CALL_SECONDS * 1000
    said = " ".join(each.text for each in call.utterances if each.speaker is Speaker.CUSTOMER)
    assert said.startswith("Well what is the point? I mean it.") and said.endswith("Thank you, that is all.")
