"""Contract: evaluate_alerts and alert_on_moment, each with what it says it needs and nothing else, on moto's DynamoDB,
S3 and SNS: from a call's records to one alert, one e-mail and one event, however often they run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

from functions.alert_on_moment.function import FUNCTION as ON_MOMENT
from functions.alert_on_moment.handler import handler as alert_on_moment
from functions.evaluate_alerts.function import FUNCTION as EVALUATE
from functions.evaluate_alerts.handler import handler as evaluate_alerts
from functions.file_facts.handler import handler as file_facts
from functions.write_facts.handler import handler as write_facts
from local.aws.topics import create_topics
from sotto.alerts.rule import Channel, Kind, Rule
from sotto.aws import keys
from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.envelope import Envelope
from sotto.call.events import ConversationEnded, Event, MomentNoticed
from sotto.core.function_spec import FunctionSpec
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation
from sotto.wiring.sotto import Sotto
from tests.contract.test_facts_of_calls import BANK, NOW_MS, Counting
from tests.fakes.clock import ClockByHand

BOTH = frozenset(Channel)
CALLS = Rule(BANK, "calls", "Calls", Kind.THRESHOLD, "ann", 1, "conversations", level=0.0, at_least=1, channels=BOTH)
RISK = Rule(BANK, "risk", "Risk", Kind.MOMENT, "ann", 1, channels=BOTH)


class Alerting(Counting):
    def __init__(self) -> None:
        super().__init__(folder=None)  # type: ignore[arg-type]
        self.clock = ClockByHand(NOW_MS + 600_000)
        topics = create_topics([BANK], self.sotto.client("sns"))
        self._environment = {**self.sotto.settings.environment, **topics}
        self._topic = topics["SOTTO_ALERT_TOPIC_ARN"].replace("{tenant}", BANK)

    def of(self, spec: FunctionSpec) -> Sotto:
        """A function is told what it said that it needs."""
        environment = {name: value for name, value in self._environment.items() if name in spec.variables}
        return Sotto.of(environment, session=self.sotto.session, clock=self.clock)

    def subjects(self) -> list[str]:
        sent = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].topics[self._topic].sent_notifications
        return [str(subject) for _, _, subject, _, _ in sent]

    def events(self) -> list[str]:
        alerts = self.sotto.alerts.alerts(BANK, limit=9)
        items = [self.sotto.contact_table[0].stored(keys.of_contact(BANK, each.id)) for each in alerts]
        return sorted(item["type"] for found in items for item in found)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Alerting]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Alerting()


def delivered(event: Event) -> dict[str, Any]:
    return {"source": "sotto", "detail-type": event.TYPE, "detail": Envelope.of(event).model_dump()}


def test_a_figure_that_stays_over_its_level_is_one_alert_one_email_and_one_event(bank: Alerting) -> None:
    contact = bank.sotto.contacts.contact(BANK, "c1")
    assert contact is not None
    file_facts.within(bank.sotto)(delivered(ConversationEnded.of(contact, at_ms=NOW_MS)), None)
    write_facts.within(bank.sotto)({}, None)
    bank.sotto.alert_rules.save(CALLS)
    for _ in range(3):
        evaluate_alerts.within(bank.of(EVALUATE))({}, None)
        bank.clock.advance(300_000)
    (alert,) = bank.sotto.alerts.alerts(BANK, limit=9)
    assert (alert.value, alert.counted, alert.updates) == (1.0, 1, 2)
    assert bank.subjects() == ["Alert: Calls"] and bank.events() == ["alert.raised"]
    stored = [str(item["body"]) for item in bank.sotto.contact_table[0].stored(keys.of_alerts(BANK))]
    assert len(stored) == 1 and "emma" not in stored[0]


def test_a_moment_that_the_bus_brings_twice_is_one_alert_and_leads_to_its_words(bank: Alerting) -> None:
    bank.sotto.alert_rules.save(RISK)
    made = Annotation(BANK, "c1", "a1", 1, AnnotationKind.MOMENT, "cancel_risk", 9_000, "u2", 0.9, severity="high")
    saved = Conversation(ConversationState(BANK, "c1", annotation_seq=1), version=1)
    bank.sotto.conversations.save(BANK, "c1", saved, [made], expected_version=0)
    event = delivered(MomentNoticed.of(made, at_ms=NOW_MS + 9_000))
    for _ in range(2):
        alert_on_moment.within(bank.of(ON_MOMENT))(event, None)
    (alert,) = bank.sotto.alerts.alerts(BANK, limit=9)
    ((where),) = alert.moments
    assert (where.contact_id, where.utterance_id, where.at_ms, alert.teams) == ("c1", "u2", 9_000, ("service",))
    assert bank.subjects() == ["Alert: Risk"] and bank.events() == ["alert.raised"]
    unknown = MomentNoticed(BANK, "nobody", "a1", 1, NOW_MS)
    alert_on_moment.within(bank.of(ON_MOMENT))(delivered(unknown), None)
    assert len(bank.sotto.alerts.alerts(BANK, limit=9)) == 1
