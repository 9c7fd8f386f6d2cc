"""Unit: what a contact flow is answered. Whatever it sends, it gets a flat map of strings."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sotto.call.contact import Channel, Contact, ContactStatus
from sotto.call.events import Event
from sotto.contacts.start import StartPorts, start_guidance
from sotto.contacts.teams import EmptyDirectory
from sotto.core.errors import Retryable
from tests.fakes.contacts import ContactsInMemory

EVENT: dict[str, Any] = json.loads(Path("events/connect/contact_flow_event.json").read_text())


@dataclass
class Office(EmptyDirectory):
    """All that start_guidance asks. ``failing`` names the part that cannot answer now."""

    failing: str = ""
    consents: bool = True
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    workers: list[tuple[str, str, int]] = field(default_factory=list)
    shown: list[Contact] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)

    def _check(self, part: str) -> None:
        if self.failing == part:
            raise Retryable(part)

    def tenant_of(self, instance_arn: str) -> str | None:
        self._check("directory")
        return "bank" if instance_arn.endswith("555555555555") else None

    def refusal(self, contact: Contact, *, caller: str | None) -> str | None:
        return None if self.consents else "no-consent"

    def record(self, contact: Contact) -> bool:
        self._check("table")
        return self.contacts.record(contact)

    def replace(self, contact: Contact, *, expected_version: int, events: Sequence[Event]) -> None:
        self.contacts.replace(contact, expected_version=expected_version, events=events)

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self.contacts.contact(tenant, contact_id)

    def start(self, tenant: str, contact_id: str, generation: int) -> None:
        self._check("lambda")
        self.workers.append((tenant, contact_id, generation))

    def answers(self, event: Any) -> dict[str, str]:
        return start_guidance(event, StartPorts(self, self, self, self, self, self, self, self)).as_string_map()

    def team_of(self, tenant: str, agent: str) -> str | None:
        return {"liam": "retention"}.get(agent)

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        return "mortgages"

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.shown.append(contact)

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        self.joined.append(call_time_ms)


def changed(path: str, value: Any) -> dict[str, Any]:
    event = copy.deepcopy(EVENT)
    part = event
    *parents, last = path.split(".")
    for name in parents:
        part = part[name]
    part[last] = value
    return event


def test_a_voice_contact_is_recorded_and_transcribed() -> None:
    office = Office()
    assert office.answers(EVENT) == {"guidance": "started", "reason": "listening"}
    contact = office.contacts.contact("bank", "6cf9a4a9-cb52-4ea6-822a-52c8c8ca2709")
    assert contact is not None
    assert (contact.tenant, contact.queue, contact.media_started_at_ms) == ("bank", "BasicQueue", 1790000000131)
    assert contact.attributes == {"tier": "gold"}
    assert office.workers == [("bank", contact.contact_id, 1)]


def test_a_chat_is_recorded_without_a_stream_and_nobody_is_sent_to_read_it() -> None:
    office = Office()
    event = changed("Details.ContactData.Channel", "CHAT")
    event["Details"]["ContactData"]["MediaStreams"] = None
    assert office.answers(event) == {"guidance": "started", "reason": "listening"}
    (contact,) = office.contacts.all
    assert (contact.channel, contact.stream_arn, office.workers) == (Channel.CHAT, "", [])
    assert office.answers(event)["reason"] == "already-started"
    assert office.contacts.all == [contact]


@pytest.mark.parametrize(
    "path",
    [
        "Details.ContactData.Queue",
        "Details.ContactData.CustomerEndpoint",
        "Details.ContactData.SystemEndpoint",
        "Details.ContactData.LanguageCode",
        "Details.ContactData.InitiationMethod",
        "Details.ContactData.Attributes",
    ],
)
def test_nulls_where_connect_sends_null_do_no_harm(path: str) -> None:
    assert Office().answers(changed(path, None))["guidance"] == "started"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (changed("Details.ContactData.MediaStreams", None), "media-streaming-not-started"),
        (changed("Details.ContactData.MediaStreams", {"Customer": {"Audio": None}}), "media-streaming-not-started"),
        (changed("Details.ContactData.MediaStreams.Customer.Audio.StreamARN", ""), "media-streaming-not-started"),
        (changed("Details.ContactData.Channel", "TASK"), "channel-not-guided"),
        (changed("Details.ContactData.InstanceARN", "arn:aws:connect:us-east-1:1:instance/other"), "unknown-instance"),
    ],
)
def test_what_cannot_be_transcribed_is_skipped_with_a_reason(event: dict[str, Any], reason: str) -> None:
    office = Office()
    assert office.answers(event) == {"guidance": "skipped", "reason": reason}
    assert not office.contacts.all and not office.workers


@pytest.mark.parametrize(
    "event", [None, {}, [], "text", {"Details": {}}, {"Details": {"ContactData": {"ContactId": ""}}}]
)
def test_what_is_no_contact_flow_event_is_answered_too_and_names_the_field(event: Any) -> None:
    answer = Office().answers(event)
    assert answer["guidance"] == "unavailable"
    assert "not a contact flow event" in answer["reason"]


def test_the_error_never_repeats_what_the_event_held() -> None:
    answer = Office().answers(changed("Details.ContactData.ContactId", {"secret": "+15555550123"}))
    assert "+15555550123" not in answer["reason"]


def test_a_repeated_event_changes_nothing_but_makes_up_for_a_worker_that_was_not_started() -> None:
    office = Office(failing="lambda")
    assert office.answers(EVENT) == {"guidance": "unavailable", "reason": "try-again"}
    office.failing = ""
    assert office.answers(EVENT) == {"guidance": "started", "reason": "already-started"}
    assert len(office.contacts.all) == 1 and len(office.workers) == 1


@pytest.mark.parametrize("part", ["directory", "table", "lambda"])
def test_a_part_that_is_down_makes_guidance_unavailable_and_nothing_worse(part: str) -> None:
    assert Office(failing=part).answers(EVENT) == {"guidance": "unavailable", "reason": "try-again"}


def test_without_consent_nobody_listens() -> None:
    office = Office(consents=False)
    assert office.answers(EVENT) == {"guidance": "skipped", "reason": "no-consent"}
    assert not office.workers


def test_an_inbound_flow_starts_before_the_contact_has_a_queue_or_an_agent() -> None:
    office = Office()
    office.answers(changed("Details.ContactData.Queue", None))
    (contact,) = office.contacts.all
    assert (contact.queue, contact.queue_arn, contact.agent, contact.status) == (
        None,
        None,
        None,
        ContactStatus.STARTED,
    )
    assert office.shown == []


def test_a_whisper_flow_starts_with_queue_agent_and_team_and_shows_the_call_at_once() -> None:
    office = Office()
    event = changed("Details.Parameters", {"agent": "arn:aws:connect:us-east-1:1:instance/i/agent/liam"})
    assert office.answers(event)["guidance"] == "started"
    (contact,) = office.contacts.all
    assert (contact.queue, contact.agent, contact.team) == ("BasicQueue", "liam", "retention")
    assert contact.status is ContactStatus.CONNECTED
    assert [each.TYPE for each in office.contacts.events] == ["conversation.started", "agent.connected"]
    assert (office.shown, office.joined) == ([contact], [0])
    assert office.answers(event)["reason"] == "already-started"
    assert (office.shown, office.joined) == ([contact], [0])


def test_a_queue_without_a_name_gets_the_directorys() -> None:
    office = Office()
    office.answers(changed("Details.ContactData.Queue.Name", None))
    assert office.contacts.all[0].queue == "mortgages"


def test_a_parameter_that_is_no_agents_arn_names_nobody() -> None:
    office = Office()
    assert office.answers(changed("Details.Parameters", {"agent": "$.Agent.ARN"}))["guidance"] == "started"
    assert office.contacts.all[0].agent is None


def test_a_transferred_contact_knows_its_conversation() -> None:
    office = Office()
    event = changed("Details.ContactData.InitialContactId", "first")
    event["Details"]["ContactData"]["PreviousContactId"] = "before"
    office.answers(event)
    (contact,) = office.contacts.all
    assert (contact.conversation_id, contact.previous_contact_id) == ("first", "before")


def test_a_first_contact_is_its_own_conversation() -> None:
    office = Office()
    office.answers(EVENT)
    (contact,) = office.contacts.all
    assert (contact.conversation_id, contact.previous_contact_id) == (contact.contact_id, None)


def second_event(stream_arn: str) -> dict[str, Any]:
    """Of a contact to which the sample's was transferred, whose flow starts guidance too."""
    event = changed("Details.ContactData.ContactId", "second")
    audio = event["Details"]["ContactData"]["MediaStreams"]["Customer"]["Audio"]
    audio["StreamARN"] = stream_arn or audio["StreamARN"]
    audio["StartTimestamp"] = "1790000060131"
    return event


def test_a_contact_with_a_stream_of_its_own_is_transcribed_at_once() -> None:
    office = Office()
    office.answers(EVENT)
    assert office.answers(second_event("another"))["guidance"] == "started"
    first, second = office.contacts.all
    assert (second.previous_contact_id, second.previous_started_at_ms) == (first.contact_id, first.media_started_at_ms)
    assert second.continues == ()
    assert [contact_id for _, contact_id, _ in office.workers] == [first.contact_id, "second"]


def test_a_stream_that_two_contacts_share_is_read_once() -> None:
    office = Office()
    office.answers(EVENT)
    office.answers(second_event(""))
    first, second = office.contacts.all
    assert second.continues == (first.contact_id,)
    assert [contact_id for _, contact_id, _ in office.workers] == [first.contact_id]


def test_a_flow_that_starts_its_own_stream_after_the_agents_event_gets_it_read() -> None:
    office = Office()
    office.answers(EVENT)
    (first,) = office.contacts.all
    waiting = replace(first, contact_id="second", agent="liam", continues=(first.contact_id,))
    office.contacts.put(replace(waiting, initial_contact_id=first.contact_id, previous_contact_id=first.contact_id))
    assert office.answers(second_event("another"))["guidance"] == "started"
    second = office.contacts.contact("bank", "second")
    assert second is not None and (second.stream_arn, second.continues, second.agent) == ("another", (), "liam")
    assert [contact_id for _, contact_id, _ in office.workers] == [first.contact_id, "second"]
