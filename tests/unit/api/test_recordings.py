"""Unit: who may play a recording, and that each link is in the audit log."""

from __future__ import annotations

import pytest

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.requests import serve
from sotto.api.recordings.play import LINK_S, Playable, PlayPorts, play
from sotto.api.roles import Role
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction
from sotto.recordings.record import Beeped, Published, Recording, RecordingState, Source, Why
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.desk import Desk, LinksInMemory
from tests.fakes.recordings import RecordingsInMemory

NOW_MS = 1_790_000_000_000
CALL = Contact("bank", "c1", "arn:i", "arn:s", NOW_MS, agent="emma", team="service")
EMMA = Caller("bank", "emma", Role.AGENT)
AVAILABLE = Recording.available("bank", "c1", Source("connects", "c1.wav", NOW_MS), NOW_MS)
REDACTED = AVAILABLE.changed(
    state=RecordingState.REDACTED,
    beeped=(Beeped(1_000, 2_500),),
    published=Published("bank/recordings/c1/x.wav", "v7", 60_000, 2, begins_ms=-400, peaks=("AP8=", "AAA=")),
)


class At:
    def __init__(self, *recordings: Recording, call: Contact = CALL) -> None:
        self.audit = AuditLogInMemory()
        store = RecordingsInMemory()
        for each in recordings:
            if each.version == 2:
                store.store(AVAILABLE)
            store.store(each)
        contacts = ContactsInMemory(call)
        self.ports = PlayPorts(contacts, store, LinksInMemory(), self.audit, ClockByHand(NOW_MS))

    def play(self, who: Caller) -> list[Playable]:
        return list(play(who, "c1", self.ports))


@pytest.mark.parametrize("who", [EMMA, Caller("bank", "sue", Role.SUPERVISOR, frozenset({"service"}))])
def test_who_had_the_call_and_who_supervises_it_get_a_link_to_the_redacted_one(who: Caller) -> None:
    at = At(REDACTED)
    (playable,) = at.play(who)
    assert playable.url == f"https://audio.example/bank/recordings/c1/x.wav?version=v7&for={LINK_S}"
    assert playable.expires_at_ms == NOW_MS + LINK_S * 1000
    (entry,) = at.audit.all
    assert (entry.who, entry.action, entry.record) == (who.agent, AuditAction.RECORDING_PLAYED, "contact/c1")


@pytest.mark.parametrize(
    "who",
    [
        Caller("bank", "noah", Role.AGENT),
        Caller("bank", "sue", Role.SUPERVISOR, frozenset({"retention"})),
        Caller("garage", "emma", Role.AGENT),
        Caller("garage", "sue", Role.SUPERVISOR, frozenset({"service"})),
    ],
)
def test_nobody_else_does_nor_learns_whether_there_is_one(who: Caller) -> None:
    at = At(REDACTED)
    with pytest.raises(Unauthorised):
        at.play(who)
    assert at.audit.all == []


def test_of_what_is_erased_nothing_is_played() -> None:
    from dataclasses import replace

    with pytest.raises(Unauthorised):
        At(REDACTED, call=replace(CALL, erased=True)).play(EMMA)


def test_what_is_not_published_has_no_link_and_says_why() -> None:
    quarantined = AVAILABLE.changed(state=RecordingState.QUARANTINED, why=Why.FINDINGS)
    at = At(quarantined)
    (playable,) = at.play(EMMA)
    assert (playable.url, playable.recording.why) == (None, "findings")
    assert at.audit.all == []


def test_the_schema_gets_its_shape_and_never_where_connect_has_it() -> None:
    desk = Desk(ClockByHand(NOW_MS))
    desk.conversations.all_contacts.append(CALL)
    desk.recordings.store(AVAILABLE)
    desk.recordings.store(REDACTED)
    (shape,) = serve("Query.recordings", {"contactId": "c1"}, EMMA, desk.ports())
    assert shape["state"] == "REDACTED" and shape["beeped"] == [{"fromMs": 1_000, "untilMs": 2_500}]
    assert shape["durationMs"] == 60_000 and shape["url"].startswith("https://")
    assert (shape["beginsMs"], shape["peaks"]) == (-400, ["AP8=", "AAA="])
    assert "connects" not in repr(shape)


def test_who_asks_without_links_learns_what_there_is_and_leaves_no_entry() -> None:
    desk = Desk(ClockByHand(NOW_MS))
    desk.conversations.all_contacts.append(CALL)
    desk.recordings.store(AVAILABLE)
    desk.recordings.store(REDACTED)
    (shape,) = serve("Query.recordings", {"contactId": "c1", "withLinks": False}, EMMA, desk.ports())
    assert (shape["state"], shape["url"], shape["expiresAtMs"]) == ("REDACTED", None, None)
    assert desk.audit.all == []
    with pytest.raises(Unauthorised):
        serve(
            "Query.recordings",
            {"contactId": "c1", "withLinks": False},
            Caller("bank", "noah", Role.AGENT),
            desk.ports(),
        )
