"""Unit: whether a contact may be listened to, at the start and after what is said."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.consent.rules import (
    ConsentDecision,
    ConsentListener,
    ConsentStance,
    asks_for_consent,
    consent_stance,
    decide_at_start,
    record_of,
)
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule, ConsentRuleWrong

BY_ATTRIBUTE = ConsentRule(ConsentBasis.ATTRIBUTE, "consent", frozenset({"yes"}))
WITHOUT_415 = ConsentRule(ConsentBasis.REGION, excluded_prefixes=("+1415",))
CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT


@pytest.mark.parametrize(
    ("rule", "attributes", "caller", "allowed", "reason"),
    [
        (ConsentRule(), {}, None, True, "always"),
        (ConsentRule(ConsentBasis.NEVER), {}, "+14155550100", False, "never"),
        (BY_ATTRIBUTE, {"consent": "Yes"}, None, True, "attribute_agrees"),
        (BY_ATTRIBUTE, {"consent": "no"}, None, False, "attribute_refuses"),
        (BY_ATTRIBUTE, {}, None, False, "attribute_missing"),
        (WITHOUT_415, {}, "+1 415 555 0100", False, "region_excluded"),
        (WITHOUT_415, {}, "+12125550100", True, "region_allowed"),
        (WITHOUT_415, {}, None, False, "caller_unknown"),
        (ConsentRule(ConsentBasis.SPOKEN), {}, None, False, "awaiting_spoken_consent"),
    ],
)  # fmt: skip
def test_the_rule_decides_before_the_first_word(
    rule: ConsentRule, attributes: dict[str, str], caller: str | None, allowed: bool, reason: str
) -> None:
    assert decide_at_start(rule, attributes=attributes, caller=caller) == ConsentDecision(allowed, reason)


@pytest.mark.parametrize(
    "said",
    [
        "i do not want to be recorded",
        "please stop recording",
        "I don't want this call to be recorded",
        "i'd rather not be recorded",
        "can you turn off the recording",
        "i don't consent to that",
        "i do not agree to being recorded",
        "no recording please",
        "stop listening to this call",
        "i withdraw my consent",
        "i'm not comfortable being recorded",
        "i would like to do this without being recorded",
        "i never agreed to be recorded",
    ],
)
def test_a_refusal_is_understood(said: str) -> None:
    assert consent_stance(said) is ConsentStance.REFUSAL


@pytest.mark.parametrize(
    "said",
    [
        "i don't mind being recorded",
        "i have no problem with the recording",
        "you can record this call",
        "i'm happy to be recorded",
        "the recording is fine",
        "i consent to the recording",
        "i wouldn't mind if you record it",
        "i do not object to being recorded",
    ],
)
def test_a_consent_is_understood_negations_included(said: str) -> None:
    assert consent_stance(said) is ConsentStance.CONSENT


@pytest.mark.parametrize(
    "said",
    [
        "that's fine",
        "yes",
        "i don't want the extra insurance",
        "it's not on my record",
        "could you check your records",
        "no i lost my card",
        "this call may be recorded for training purposes",
        "stop the payment please",
        "for the record i did not order that",
    ],
)
def test_ordinary_talk_says_nothing_about_consent(said: str) -> None:
    assert consent_stance(said) is ConsentStance.NOTHING


@pytest.mark.parametrize("said", ["yes", "that's fine", "sure go ahead", "no problem", "i don't mind", "okay"])
def test_a_bare_yes_counts_after_the_question(said: str) -> None:
    assert consent_stance(said, after_question=True) is ConsentStance.CONSENT


@pytest.mark.parametrize("said", ["no", "no thank you", "i'd rather not", "that's not okay", "please don't"])
def test_a_bare_no_counts_after_the_question(said: str) -> None:
    assert consent_stance(said, after_question=True) is ConsentStance.REFUSAL


@pytest.mark.parametrize(
    "said",
    ["is it okay if we record this call", "this call is recorded, is that all right", "do you mind if I record this"],
)
def test_the_question_is_recognised(said: str) -> None:
    assert asks_for_consent(said)


def test_a_customers_refusal_stops_at_once_and_drops_what_was_kept() -> None:
    rule = ConsentRule(drop_on_refusal=True)
    listener = ConsentListener(rule, decide_at_start(rule, attributes={}, caller=None))
    assert listener.decide(AGENT, "this call is being recorded") is None
    assert listener.decide(CUSTOMER, "no please don't") == ConsentDecision(False, "customer_refused", drop_kept=True)
    assert listener.decide(CUSTOMER, "yes it's about my card") is None
    assert not listener.decision.allowed


def test_an_agents_refusal_counts_only_if_the_rule_says_so() -> None:
    said = "i do not want to be recorded"
    listener = ConsentListener(ConsentRule(), ConsentDecision(True, "always"))
    assert listener.decide(AGENT, said) is None
    both = ConsentListener(ConsentRule(refusal_by=frozenset({CUSTOMER, AGENT})), ConsentDecision(True, "always"))
    assert both.decide(AGENT, said) == ConsentDecision(False, "agent_refused")


def test_under_the_spoken_rule_nothing_is_allowed_until_the_customer_says_yes() -> None:
    rule = ConsentRule(ConsentBasis.SPOKEN)
    listener = ConsentListener(rule, decide_at_start(rule, attributes={}, caller=None))
    assert listener.decide(CUSTOMER, "yes hello") is None
    assert listener.decide(AGENT, "is it okay if we record this call") is None
    assert listener.decide(CUSTOMER, "yeah that's fine") == ConsentDecision(True, "customer_consented")


def test_a_yes_to_another_question_is_no_consent() -> None:
    rule = ConsentRule(ConsentBasis.SPOKEN)
    listener = ConsentListener(rule, decide_at_start(rule, attributes={}, caller=None))
    listener.decide(AGENT, "is it okay if we record this call")
    listener.decide(CUSTOMER, "what was that")
    listener.decide(AGENT, "are you calling about your card")
    assert listener.decide(CUSTOMER, "yes") is None


def test_a_rule_that_lacks_a_field_says_which() -> None:
    with pytest.raises(ConsentRuleWrong, match="consent.attribute"):
        ConsentRule(ConsentBasis.ATTRIBUTE)
    with pytest.raises(ConsentRuleWrong, match=r"'415' must be \+ and digits"):
        ConsentRule(ConsentBasis.REGION, excluded_prefixes=("415",))


def test_the_audit_record_says_who_and_when_but_not_what() -> None:
    decision = ConsentDecision(False, "customer_refused", drop_kept=True)
    record = record_of(decision, tenant="t", contact_id="c", decided_at_ms=5, speaker=CUSTOMER, call_time_ms=12.0)
    assert (record.reason, record.speaker, record.call_time_ms, record.drop_kept) == (
        "customer_refused",
        CUSTOMER,
        12.0,
        True,
    )


@pytest.mark.parametrize(
    "said",
    [
        "you are not listening to me",
        "i'm not happy that you didn't record my payment",
        "there is no record of it",
        "you never recorded the claim",
    ],
)
def test_other_records_and_listening_are_no_refusal(said: str) -> None:
    assert consent_stance(said) is ConsentStance.NOTHING
