"""Contract: insights over the REST API, of a person's conversations: who sees what of them, and what erasure leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from moto import mock_aws

from sotto.api.roles import Role
from sotto.call.contact import Speaker
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.audit import AuditAction, contact_record
from sotto.erasure.identity import IdentityKind, identity
from sotto.transcription.lease.lease import Takeover
from tests.contract.rest_bank import BANK, GARAGE, NOW_MS, RestBank

NUMBER = "+15135557611"
PERSON = {"person": {"kind": "phone", "value": NUMBER}}
DAY_MS = 86_400_000


@contextmanager
def _open() -> Iterator[RestBank]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        made = RestBank()
        _talk(made, "c1", agent="emma", team="service", text=None)
        _talk(made, "c2", agent="noah", team="cards", text="Please don't call me, e-mail me instead.", days=1)
        _talk(made, "g1", agent="emma", team="service", text="I prefer letters.", tenant=GARAGE)
        yield made


@pytest.fixture(scope="module")
def bank() -> Iterator[RestBank]:
    """The last two tests change it: a conversation comes, then all are erased."""
    with _open() as made:
        yield made


def _talk(bank: RestBank, contact_id: str, *, agent: str, team: str, text: str | None, days: int = 0,
          tenant: str = BANK) -> None:  # fmt: skip
    sotto = bank.sotto
    sotto.identity_index.add(tenant, contact_id, [identity(IdentityKind.PHONE, NUMBER)])
    if text is None:
        return
    known = sotto.contacts.contact(BANK, "c1")
    assert known is not None
    began_at_ms = NOW_MS - days * DAY_MS
    sotto.contacts.record(
        replace(known, tenant=tenant, contact_id=contact_id, agent=agent, team=team, media_started_at_ms=began_at_ms,
                version=1)
    )  # fmt: skip
    lease = sotto.leases.take(tenant, contact_id, Takeover("w", 1), now_ms=NOW_MS)
    assert lease is not None
    words = Utterance(tenant, contact_id, "u1", 1, Speaker.CUSTOMER, 1_000, 2_400, text)
    sotto.leases.commit(lease, words, lease.checkpoint)
    line = SummaryLine(SummaryPart.REASON, text, ("u1",))
    sotto.summaries.store(CallSummary(tenant, contact_id, (line,), Origin.QUOTED, "", 1, NOW_MS, 1))


def _cited(bank: RestBank, role: str = "analyst", key: str | None = None) -> set[str]:
    answered = bank.ask("POST", "/v1/insights", role=role, key=key, body=PERSON)
    assert answered.status in (201, 404), answered.text
    return {each["stands"]["contact_id"] for each in answered.json.get("data", ())}


def test_each_sees_of_a_customer_the_conversations_that_they_may_read(bank: RestBank) -> None:
    assert _cited(bank) == {"c1", "c2"}
    assert _cited(bank, key="person.bank.emma.agent") == {"c1"}
    assert _cited(bank, key="person.bank.noah.agent") == {"c2"}
    assert _cited(bank, key="person.bank.sofia.supervisor") == {"c1"}, "of the team service"
    assert _cited(bank, key="person.bank.sue.agent") == set()
    assert _cited(bank, key="person.garage.ann.analyst") == {"g1"}


def test_a_customer_has_an_id_of_ours_by_which_nobody_else_finds_them(bank: RestBank) -> None:
    made = bank.ask("POST", "/v1/insights", body=PERSON).json
    address = f"/v1/insights/{made['customer_id']}"
    assert NUMBER not in str(made) and made["conversations"] == 2
    assert bank.ask("GET", address).json["data"] == made["data"]
    assert bank.ask("GET", address, key="person.garage.ann.analyst").status == 404
    assert bank.ask("GET", address, key="person.bank.sue.agent").status == 404
    assert bank.ask("GET", "/v1/insights", key="person.bank.emma.agent").status == 403
    (listed,) = bank.ask("GET", "/v1/insights", query={"limit": 5}).json["data"]
    assert (listed["customer_id"], listed["contacts"]) == (made["customer_id"], 2)
    cursor = bank.ask("GET", "/v1/insights", query={"limit": 1}).json["next"]
    assert bank.ask("GET", "/v1/insights", query={"limit": 1, "cursor": cursor}).json == {"data": [], "next": None}


def test_a_question_is_answered_with_its_place_or_not_at_all(bank: RestBank) -> None:
    customer = bank.ask("POST", "/v1/insights", body=PERSON).json["customer_id"]
    right = bank.ask("POST", f"/v1/insights/{customer}/ask", body={"question": "Does she want an e-mail?"}).json
    assert [(each["contact_id"], each["utterance_id"]) for each in right["data"]] == [("c2", "u1")]
    none = bank.ask("POST", f"/v1/insights/{customer}/ask", body={"question": "Where does the son study?"}).json
    assert (none["answered"], none["note"], none["data"]) == (False, "not in these conversations", [])
    hers = bank.ask("POST", f"/v1/insights/{customer}/ask", key="person.bank.emma.agent",
                    body={"question": "Does she want an e-mail?"}).json  # fmt: skip
    assert not hers["answered"], "noah's call is not hers to read"


def test_whose_words_were_shown_is_in_the_audit_log(bank: RestBank) -> None:
    bank.ask("POST", "/v1/insights", key="person.bank.ann.analyst", body=PERSON)
    entries = list(bank.sotto.audit_log.entries(BANK, NOW_MS, NOW_MS + DAY_MS))
    looked = {each.record for each in entries if (each.who, each.action) == ("ann", AuditAction.LOOKED_INTO)}
    assert looked == {contact_record("c1"), contact_record("c2")}


def test_a_key_needs_the_scope(bank: RestBank) -> None:
    key = bank.key_with(frozenset({"insights:read"}), Role.ANALYST)
    assert bank.ask("POST", "/v1/insights", key=key, body=PERSON).status == 403
    assert bank.ask("GET", "/v1/insights", key=key).status == 200


def test_conversations_that_come_later_are_there_without_making_them_anew(bank: RestBank) -> None:
    made = bank.ask("POST", "/v1/insights", body=PERSON).json
    _talk(bank, "c3", agent="emma", team="service", text="Do you also offer travel insurance?")
    now = bank.ask("GET", f"/v1/insights/{made['customer_id']}").json
    assert "opportunity" in {each["kind"] for each in now["data"]} and now["conversations"] == 3


def test_nothing_of_an_erased_contact_is_left_in_them(bank: RestBank) -> None:
    made = bank.ask("POST", "/v1/insights", body=PERSON).json
    assert "e-mail me" not in _stored(bank, "insights"), "what is kept of insights has no words"
    for erasing in (bank.sotto.insight_eraser, bank.sotto.identity_eraser, bank.sotto.contact_eraser):
        erasing.erase(BANK, "c2")
        erasing.erase(BANK, "c2")
    kept = _stored(bank, "insights")
    assert '"c1"' in kept and '"c2"' not in kept and "#c2" not in kept
    left = bank.ask("GET", f"/v1/insights/{made['customer_id']}").json
    assert {each["stands"]["contact_id"] for each in left["data"]} == {"c1", "c3"}
    for contact_id in ("c1", "c3"):
        for erasing in (bank.sotto.insight_eraser, bank.sotto.identity_eraser):
            erasing.erase(BANK, contact_id)
    assert bank.ask("GET", f"/v1/insights/{made['customer_id']}").status == 404
    assert not _stored(bank, f"{BANK}#insights")


def _stored(bank: RestBank, part: str) -> str:
    items = bank.session.client("dynamodb").scan(TableName="sotto-history")["Items"]
    return "".join(str(each) for each in items if part in each["pk"]["S"])
