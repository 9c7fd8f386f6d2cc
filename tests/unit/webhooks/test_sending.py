"""Unit: events on their way to receivers that are down, slow, lying or gone, by a clock that is turned."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Role
from sotto.api.webhooks.use_cases import WebhookPorts, create, enable, remove, replay, rotate
from sotto.call.events import SummaryReady
from sotto.core.audit import AuditAction
from sotto.core.errors import Retryable
from sotto.webhooks.delivery import MOST_ATTEMPTS, WAITS_MS, Delivery, State, delivery_of
from sotto.webhooks.endpoint import Algorithm, BadEndpoint, Endpoint
from sotto.webhooks.send import DISABLED_AFTER_MS, JITTER, Outcome, SendPorts, accept, attempt, sweep
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.turned_clock import TurnedClock
from tests.fakes.webhooks import DeliveriesInMemory, EndpointsInMemory, KeysInClear, Receivers

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
ADMIN = Caller("bank", "ann", Role.ADMIN)
URL = "https://crm.example.com/hook"


class Post:
    """Everything about webhooks of a bank, in memory."""

    def __init__(self, answer: Callable[[str, int], Outcome] = lambda url, before: Outcome(204)) -> None:
        self.clock = TurnedClock()
        self.endpoints, self.deliveries, self.keys = EndpointsInMemory(), DeliveriesInMemory(), KeysInClear()
        self.audit, self.receivers, self.noted = AuditLogInMemory(), Receivers(answer), list[str]()
        self.manage = WebhookPorts(self.endpoints, self.deliveries, self.keys, self.audit, self.clock)
        self.send = SendPorts(
            self.endpoints,
            self.deliveries,
            self.keys,
            self.receivers,
            self.audit,
            self.clock,
            lambda: 1.0,
            self.noted.append,
        )

    def endpoint(self, algorithm: Algorithm = Algorithm.HMAC, *, url: str = URL, is_ordered: bool = False) -> Endpoint:
        made = create(ADMIN, url, frozenset({"summary.ready"}), algorithm, self.manage, is_ordered=is_ordered)
        self.verifies = made.verifies
        return made.endpoint

    def event(self, contact_id: str = "c1", number: int = 1) -> SummaryReady:
        return SummaryReady("bank", contact_id, "summary", number, int(self.clock.now_ms()) + number)

    def minutes(self, count: int) -> None:
        """As the schedule has it."""
        for _ in range(count):
            self.clock.pass_ms(MINUTE_MS)
            sweep(["bank", "garage"], self.send, until_ms=self.clock.monotonic_ms() + 1)

    def states(self) -> list[State]:
        return [each.state for each in self.deliveries.kept.values()]


def test_the_reference_library_verifies_what_is_sent() -> None:
    post = Post()
    post.endpoint()
    assert accept(post.event(), post.send) == 1
    ((url, headers, body),) = post.receivers.sent
    at_s = int(post.clock.now_ms() / 1000)
    assert url == URL and headers["webhook-timestamp"] == str(at_s)
    verified = _verified(post.verifies, headers, body)
    assert verified["type"] == "summary.ready"
    assert verified["data"] == {"contact_id": "c1", "record": "summary", "number": 1}


def _verified(secret: str, headers: dict[str, str], body: bytes) -> dict[str, object]:
    """By the reference library, which takes no clock: so the one check that asks it is left out."""
    reference = Webhook(secret)
    reference._Webhook__verify_timestamp = lambda header: _at(header)  # type: ignore[attr-defined]
    return reference.verify(body.decode(), dict(headers))  # type: ignore[no-any-return]


def _at(header: str) -> object:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(header), UTC)


def test_ed25519_is_verified_with_the_public_half_alone() -> None:
    post = Post()
    post.endpoint(Algorithm.ED25519)
    accept(post.event(), post.send)
    ((_, headers, body),) = post.receivers.sent
    version, signed = headers["webhook-signature"].split(",")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(post.verifies.removeprefix("whpk_")))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    public.verify(base64.b64decode(signed), text)
    assert version == "v1a"


def test_while_a_secret_is_rotated_both_verify_and_a_day_later_the_new_one_alone() -> None:
    post = Post()
    endpoint = post.endpoint()
    old = post.verifies
    new = rotate(ADMIN, endpoint.id, Algorithm.HMAC, post.manage).verifies
    accept(post.event(), post.send)
    ((_, headers, body),) = post.receivers.sent
    for each in (old, new):
        assert _verified(each, headers, body)
    post.clock.pass_ms(24 * HOUR_MS)
    accept(post.event("c2"), post.send)
    _, headers, body = post.receivers.sent[-1]
    assert len(headers["webhook-signature"].split()) == 1 and _verified(new, headers, body)


def test_bodies_hold_ids_and_no_text() -> None:
    post = Post()
    post.endpoint()
    accept(post.event(), post.send)
    body = json.loads(post.receivers.sent[0][2])
    assert set(body) == {"type", "timestamp", "data"} and len(post.receivers.sent[0][2]) < 500


def test_the_same_event_twice_is_one_message() -> None:
    post = Post()
    post.endpoint()
    for _ in range(3):
        accept(post.event(), post.send)
    assert len(post.receivers.taken) == 1


def test_a_receiver_that_was_down_for_a_day_gets_each_once_when_it_is_back() -> None:
    back_at: list[float] = []
    post = Post(lambda url, before: Outcome(204) if back_at else Outcome(503))
    post.endpoint()
    for number in range(20):
        accept(post.event(f"c{number}"), post.send)
    post.minutes(24 * 60)
    assert not post.receivers.taken
    back_at.append(1)
    post.minutes(21 * 60)
    assert len(post.receivers.taken) == len(set(post.receivers.taken)) == 20
    assert set(post.states()) == {State.DELIVERED}
    ids = {headers["webhook-id"] for _, headers, _ in post.receivers.sent}
    assert len(ids) == 20, "each attempt has the id of its message"


def test_ten_attempts_over_three_days_and_then_no_more() -> None:
    post = Post(lambda url, before: Outcome(500))
    post.endpoint()
    accept(post.event(), post.send)
    assert sum(WAITS_MS) == 75 * HOUR_MS + 35 * MINUTE_MS + 5_000
    post.clock.pass_ms(0)
    for _ in range(MOST_ATTEMPTS + 2):
        post.clock.pass_ms(27 * HOUR_MS)
        sweep(["bank"], post.send, until_ms=post.clock.monotonic_ms() + 1)
    assert len(post.receivers.sent) <= MOST_ATTEMPTS and set(post.states()) <= {State.GIVEN_UP}


@given(st.floats(0, 1), st.integers(0, len(WAITS_MS) - 1))
def test_waits_grow_by_no_more_than_the_jitter(random: float, attempts: int) -> None:
    post = Post(lambda url, before: Outcome(500))
    post.endpoint()
    delivery = delivery_of(post.event(), post.endpoints.endpoints("bank")[0].id, int(post.clock.now_ms()))
    object.__setattr__(post.send, "random", lambda: random)
    object.__setattr__(delivery, "attempts", attempts)
    post.deliveries.add(delivery)
    attempt(delivery, post.send)
    (kept,) = post.deliveries.kept.values()
    assert kept.due_at_ms is not None
    wait = kept.due_at_ms - post.clock.now_ms()
    assert WAITS_MS[attempts] - 1 <= wait <= WAITS_MS[attempts] * (1 + JITTER) + 1


def test_who_asks_to_be_left_alone_for_a_while_is() -> None:
    post = Post(lambda url, before: Outcome(429, retry_after_ms=2 * HOUR_MS))
    post.endpoint()
    accept(post.event(), post.send)
    (kept,) = post.deliveries.kept.values()
    assert kept.due_at_ms == post.clock.now_ms() + 2 * HOUR_MS


def test_a_redirect_is_no_delivery() -> None:
    post = Post(lambda url, before: Outcome(302))
    post.endpoint()
    accept(post.event(), post.send)
    assert post.states() == [State.PENDING] and post.noted == ["refused"]


def test_who_wants_no_more_is_disabled_at_once_and_it_is_written_down() -> None:
    post = Post(lambda url, before: Outcome(410))
    endpoint = post.endpoint()
    accept(post.event(), post.send)
    now = post.endpoints.endpoint("bank", endpoint.id)
    assert now is not None and "410" in now.disabled
    assert [each.action for each in post.audit.all][-1] is AuditAction.WEBHOOK_DISABLED and "disabled" in post.noted
    assert accept(post.event("c2"), post.send) == 0


def test_who_takes_nothing_for_five_days_is_disabled_and_gets_what_it_missed_when_it_is_back() -> None:
    down = [True]
    post = Post(lambda url, before: Outcome(None, why="not-reached") if down else Outcome(200))
    endpoint = post.endpoint()
    began_ms = int(post.clock.now_ms())
    sent = 0
    while not post.endpoints.endpoints("bank")[0].disabled:
        sent += accept(post.event(f"c{sent}"), post.send)
        post.minutes(30)
        post.clock.pass_ms(6 * HOUR_MS)
    assert post.clock.now_ms() - began_ms >= DISABLED_AFTER_MS
    post.minutes(2)
    down.clear()
    with pytest.raises(BadEndpoint):
        replay(ADMIN, endpoint.id, began_ms, int(post.clock.now_ms()), post.manage, missing_only=True)
    enable(ADMIN, endpoint.id, post.manage)
    replay(ADMIN, endpoint.id, began_ms, int(post.clock.now_ms()), post.manage, missing_only=True)
    post.minutes(30 * 60)
    assert len(post.receivers.taken) == len(set(post.receivers.taken)) == sent


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["c1", "c2"]), st.booleans()), min_size=1, max_size=8))
def test_events_of_a_contact_follow_each_other_where_asked(script: list[tuple[str, bool]]) -> None:
    """Some attempts fail, whichever."""
    fails = [fail for _, fail in script]
    post = Post(lambda url, before: Outcome(500 if before < len(fails) and fails[before] else 200))
    post.endpoint(is_ordered=True)
    for number, (contact, _) in enumerate(script):
        accept(post.event(contact, number + 1), post.send)
    for _ in range(100):
        post.clock.pass_ms(HOUR_MS)
        post.minutes(1)
    about = {headers["webhook-id"]: json.loads(body)["data"] for _, headers, body in post.receivers.sent}
    for contact in ("c1", "c2"):
        ours = [about[message] for _, message in post.receivers.taken]
        numbers = [each["number"] for each in ours if each["contact_id"] == contact]
        assert numbers == sorted(numbers)
    assert len(post.receivers.taken) == len(script)


def test_one_receiver_that_is_down_holds_up_no_other() -> None:
    post = Post(lambda url, before: Outcome(503 if "down" in url else 204))
    post.endpoint(url="https://down.example.com/hook")
    post.endpoint(url="https://up.example.com/hook")
    for number in range(5):
        accept(post.event(f"c{number}"), post.send)
    assert {url for url, _ in post.receivers.taken} == {"https://up.example.com/hook"}
    assert len(post.receivers.taken) == 5


def test_whoever_dies_in_an_attempt_loses_nothing() -> None:
    post = Post()
    post.endpoint()
    died = [False]

    def once(url: str, headers: object, body: bytes) -> Outcome:
        if not died[0]:
            died[0] = True
            raise SystemExit
        return Receivers.post(post.receivers, url, headers, body)  # type: ignore[arg-type]

    post.receivers.post = once  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        accept(post.event(), post.send)
    post.minutes(3)
    assert len(post.receivers.taken) == 1


def test_what_is_removed_is_sent_nothing_more() -> None:
    post = Post(lambda url, before: Outcome(500))
    endpoint = post.endpoint()
    accept(post.event(), post.send)
    remove(ADMIN, endpoint.id, post.manage)
    post.minutes(60)
    assert len(post.receivers.sent) == 1 and post.states() == [State.GIVEN_UP]


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "https://user:secret@crm.example.com/",
        "https://crm.example.com:22/",
        "https:///hook",
        "ftp://x",
        "https://crm.example.com/#a",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nHost: x",
        "https://[::1",
        "https://crm.example.com:99999/",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadEndpoint) as refused:
        Post().endpoint(url=url)
    assert url not in str(refused.value)


def test_nobody_but_an_admin_has_to_do_with_webhooks() -> None:
    post = Post()
    endpoint = post.endpoint()
    for role in Role:
        somebody = Caller("bank", "sue", role)
        if role is Role.ADMIN:
            continue
        with pytest.raises(Unauthorised):
            rotate(somebody, endpoint.id, Algorithm.HMAC, post.manage)
        with pytest.raises(Unauthorised):
            remove(somebody, endpoint.id, post.manage)


def test_a_tenant_whose_records_cannot_be_read_keeps_no_other_from_its_deliveries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = Post()
    post.endpoint()
    accept(post.event(), post.send)
    due = post.deliveries.due

    def read(tenant: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        if tenant == "another":
            raise Retryable("throttled")
        return due(tenant, now_ms, limit=limit)

    monkeypatch.setattr(post.deliveries, "due", read)
    with pytest.raises(Retryable):
        sweep(["another", "bank"], post.send, until_ms=post.clock.monotonic_ms() + 1)
    assert post.states() == [State.DELIVERED]
