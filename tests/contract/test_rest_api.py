"""Contract tests: the REST API as API Gateway calls it, over the real adapters on the emulated account."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from moto import mock_aws

from sotto.api.keys.key import written_key
from sotto.api.keys.use_cases import DAY_MS
from sotto.api.rest import openapi
from sotto.api.rest.answer import REQUESTS_A_WINDOW, VERSIONS
from sotto.api.rest.route import Route
from sotto.api.rest.routing import all_routes, all_scopes
from sotto.api.roles import TABLE, Reach, Role
from sotto.core.audit import AuditAction
from tests.contract.rest_bank import BANK, GARAGE, NOW_MS, Answered, RestBank

ROUTES = all_routes()
DOCUMENT = openapi.document()
REPOSITORY = Path(__file__).parents[2]
FREE = frozenset(
    {
        "created_by",
        "expires_at_ms",
        "id",
        "version",
        "key",
        "placed_by",
        "asked_by",
        "who",
        "note",
        "title",
        "chart",
        "export",
        "dimensions",
        "secret",
        "started_by",
        "about",
        "steps",
        "book",
        "live",
        "changed_by",
        "published_by",
        "sharer",
        "sharer_name",
    }
)
"""Fields of examples whose values differ from one bank to the next."""
EMMA = "person.bank.emma.agent"


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        with mock_aws():
            yield


@pytest.fixture(scope="module")
def bank(account: None) -> RestBank:
    made = RestBank()
    made.put_example_key()
    made.put_example_certificate()
    made.put_example_webhook()
    made.put_example_insights()
    made.put_example_export()
    made.put_example_workflow()
    made.put_example_playbook()
    made.put_example_gaps()
    made.put_example_share()
    made.put_example_import()
    return made


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def order(route: Route) -> tuple[bool, str, str]:
    """What ends something comes last."""
    return (route.method == "DELETE", route.path, route.method)


def like(shown: Any, example: Any) -> bool:
    match shown, example:
        case dict(), dict():
            same = set(shown) == set(example)
            return same and all(key in FREE or like(shown[key], example[key]) for key in example)
        case list(), list():
            return not example or (bool(shown) and any(like(each, example[0]) for each in shown))
    return bool(shown == example)


def schema_of(route: Route, status: int) -> tuple[str, dict[str, Any]]:
    found = DOCUMENT["paths"][route.path][route.method.lower()]["responses"][str(status)]
    if "$ref" in found:
        found = DOCUMENT["components"]["responses"][str(status)]
    ((media, content),) = found["content"].items()
    return media, {**content["schema"], "components": DOCUMENT["components"]}


def conforms(route: Route, answered: Answered) -> None:
    media, schema = schema_of(route, answered.status)
    assert answered.headers["Content-Type"] == media
    Draft202012Validator(schema).validate(answered.json)


@pytest.mark.parametrize("route", sorted(ROUTES, key=order), ids=named)
def test_every_example_is_answered_as_it_says(bank: RestBank, route: Route) -> None:
    answered = bank.send(route)
    assert answered.status == route.status, answered.text
    assert like(answered.json, route.example.answer), answered.text
    conforms(route, answered)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_every_route_has_a_row_of_the_table_a_description_and_a_scope(route: Route) -> None:
    assert route.action in TABLE and route.about.endswith(".") and len(route.about) > 10
    resource, _, kind = route.scope.partition(":")
    assert resource and kind in ("read", "write")
    assert set(route.example.path) == set(route.names)
    assert (route.body is None) == (route.example.body is None)


def test_no_two_routes_have_one_name() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nobody_comes_in_without_a_key(bank: RestBank, route: Route) -> None:
    for key in ("", "sotto_live_bank_nothing", "person.bank"):
        answered = bank.send(route, key=key)
        assert answered.status == 401 and answered.headers["WWW-Authenticate"].startswith("Bearer")
        conforms(route, answered)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_key_without_the_scope_learns_which_it_lacks(bank: RestBank, route: Route) -> None:
    role = Role(route.example.role) if route.example.role != "agent" else Role.ANALYST
    others = all_scopes() - {route.scope}
    key = _scoped_key(bank, role, route.scope, others)
    answered = bank.send(route, key=key)
    assert answered.status == 403 and route.scope in answered.json["detail"], answered.text
    conforms(route, answered)


def _scoped_key(bank: RestBank, role: Role, lacking: str, others: frozenset[str]) -> str:
    known: dict[tuple[Role, str], str] = bank.__dict__.setdefault("scoped", {})
    if (role, lacking) not in known:
        known[role, lacking] = bank.key_with(others, role)
    return known[role, lacking]


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_role_that_the_action_does_not_reach_gets_nothing(bank: RestBank, route: Route) -> None:
    without = [role for role in Role if TABLE[route.action][role] is Reach.NONE and role is not Role.AGENT]
    for role in without[:1]:
        answered = bank.send(route, role=role.value)
        assert answered.status == 403, answered.text
        conforms(route, answered)


@pytest.mark.parametrize("route", [each for each in ROUTES if each.names and "article" not in each.path], ids=named)
def test_another_tenants_key_finds_nothing_of_ours(bank: RestBank, route: Route) -> None:
    role = Role(route.example.role) if route.example.role != "agent" else Role.ANALYST
    known: dict[Role, str] = bank.__dict__.setdefault("foreign", {})
    if role not in known:
        known[role] = bank.key_with(all_scopes(), role, GARAGE)
    key = known[role]
    answered = bank.send(route, key=key)
    assert answered.status == 404, answered.text
    assert "bank" not in answered.text


def test_the_document_in_the_repository_is_what_the_code_says() -> None:
    assert (REPOSITORY / "docs" / "openapi.json").read_text() == openapi.written(), (
        "write it again: sotto api openapi > docs/openapi.json"
    )


def test_lists_go_on_with_a_cursor_that_nobody_else_can_use(bank: RestBank) -> None:
    first = bank.ask("GET", "/v1/contacts/c1/transcript", query={"limit": 1})
    cursor = first.json["next"]
    assert cursor and len(first.json["data"]) == 1
    rest = bank.ask("GET", "/v1/contacts/c1/transcript", query={"limit": 1, "cursor": cursor})
    assert rest.json == {"data": [], "next": None}
    for other in ({"role": "quality"}, {"query": {"cursor": cursor[:-2] + "AA"}}, {"query": {"cursor": "x"}}):
        refused = bank.ask("GET", "/v1/contacts/c1/transcript", **({"query": {"cursor": cursor}} | other))
        assert refused.status == 422, refused.text
    other_list = bank.ask("GET", "/v1/contacts/c1/annotations", query={"cursor": cursor})
    assert other_list.status == 422


def test_a_read_is_answered_with_its_etag_and_then_with_nothing_new(bank: RestBank) -> None:
    first = bank.ask("GET", "/v1/contacts/c1/summary")
    again = bank.ask("GET", "/v1/contacts/c1/summary", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status, again.text) == (304, "")
    other = bank.ask("GET", "/v1/contacts/c1/summary", headers={"if-none-match": '"another"'})
    assert other.status == 200


def test_a_change_of_what_is_no_longer_as_it_was_seen_is_refused(bank: RestBank) -> None:
    place = "/v1/contacts/c1/disposition"
    seen = bank.ask("GET", place, key=EMMA).headers["ETag"]
    refused = bank.ask("PUT", place, key=EMMA, body={"code": "saved"}, headers={"if-match": '"old"'})
    assert refused.status == 412
    done = bank.ask("PUT", place, key=EMMA, body={"code": "saved"}, headers={"if-match": seen})
    assert done.status == 200
    nothing = bank.ask("POST", "/v1/keys", role="admin", body={}, headers={"if-match": seen})
    assert nothing.status == 422  # its body is read first
    assert bank.ask("DELETE", "/v1/keys/nobody", role="admin", headers={"if-match": seen}).status == 404


def test_a_write_sent_twice_is_done_once(bank: RestBank) -> None:
    body = {"person": {"kind": "contact", "value": "c1"}, "matter": "2026/twice"}
    token = {"idempotency-key": "a-token"}
    first = bank.ask("POST", "/v1/holds", role="privacy_officer", body=body, headers=token)
    entries = len(_entries(bank, AuditAction.HOLD_PLACED))
    again = bank.ask("POST", "/v1/holds", role="privacy_officer", body=body, headers=token)
    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(_entries(bank, AuditAction.HOLD_PLACED)) == entries
    other = bank.ask("POST", "/v1/holds", role="privacy_officer", body=body | {"matter": "other"}, headers=token)
    assert other.status == 422 and other.json["type"].endswith("idempotency-key-reused")
    bank.ask("POST", "/v1/holds/release", role="privacy_officer", body={"person": body["person"]})


def test_a_write_that_was_refused_may_be_sent_again_with_its_token(bank: RestBank) -> None:
    body = {"person": {"kind": "contact", "value": "nobody-1"}}
    for _ in range(2):
        refused = bank.ask(
            "POST", "/v1/erasures", role="privacy_officer", body=body, headers={"idempotency-key": "refused"}
        )
        assert refused.status == 404 and "Idempotent-Replayed" not in refused.headers


def test_a_key_is_shown_once_even_to_who_sends_the_request_again(bank: RestBank) -> None:
    body = {"app": "once", "role": "analyst", "scopes": ["contacts:read"]}
    token = {"idempotency-key": "key-token"}
    made = bank.ask("POST", "/v1/keys", role="admin", body=body, headers=token)
    again = bank.ask("POST", "/v1/keys", role="admin", body=body, headers=token)
    assert made.status == 201 and again.status == 409 and again.json["type"].endswith("shown-once")
    secret = written_key(made.json["key"]).secret
    assert secret not in json.dumps(list(bank.sotto.client("dynamodb").scan(TableName="sotto-api")["Items"]))
    assert bank.ask("GET", "/v1/contacts/c1", key=made.json["key"]).status == 200


def test_an_expired_and_a_revoked_key_are_nobodys(bank: RestBank) -> None:
    body = {"app": "short", "role": "analyst", "scopes": ["contacts:read"], "expires_in_days": 1}
    expiring = bank.ask("POST", "/v1/keys", role="admin", body=body).json
    revoked = bank.ask("POST", "/v1/keys", role="admin", body=body).json
    assert bank.ask("DELETE", f"/v1/keys/{revoked['id']}", role="admin").status == 200
    assert bank.ask("GET", "/v1/contacts/c1", key=revoked["key"]).status == 401
    assert bank.ask("GET", "/v1/contacts/c1", key=expiring["key"]).status == 200
    bank.clock.advance(DAY_MS)
    assert bank.ask("GET", "/v1/contacts/c1", key=expiring["key"]).status == 401


def test_reading_another_persons_call_is_in_the_audit_log(bank: RestBank) -> None:
    key_id = written_key(bank.keys[Role.ANALYST]).id
    bank.ask("GET", "/v1/contacts/c1/transcript")
    assert (f"key:{key_id}", "contact/c1") in [(who, record) for who, record in _entries(bank, AuditAction.LOOKED_INTO)]


def test_too_many_requests_learn_when_to_go_on(bank: RestBank) -> None:
    key = bank.key_with(all_scopes())
    made = bank.ask("GET", "/v1/book", key=key)
    limit, left = (made.headers[name] for name in ("RateLimit-Policy", "RateLimit"))
    assert limit == f'"default";q={REQUESTS_A_WINDOW};w=60' and f"r={REQUESTS_A_WINDOW - 1};" in left
    window = int(bank.clock.now_ms() / 1000) // 60
    who = f"key:{written_key(key).id}"
    bank.sotto.client("dynamodb").update_item(
        TableName="sotto-api",
        Key={"pk": {"S": f"{BANK}#limit#{who}"}, "sk": {"S": f"window#{window:012d}"}},
        UpdateExpression="SET made = :most",
        ExpressionAttributeValues={":most": {"N": str(REQUESTS_A_WINDOW)}},
    )
    refused = bank.ask("GET", "/v1/book", key=key)
    assert refused.status == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert bank.ask("GET", "/v1/book").status == 200, "others go on"
    bank.clock.advance(60_000)
    assert bank.ask("GET", "/v1/book", key=key).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("", 400),
        ("[" * 100_000, 400),
        ('{"text":' + '{"a":' * 60 + "1" + "}" * 61, 400),
        ('{"text": NaN}', 400),
        (r'{"text": "\ud800"}', 400),
        ("[]", 422),
        ("null", 422),
        ('{"text": 7}', 422),
        ('{"text": ""}', 422),
        ('{"text": "leave", "My Secret": 1}', 422),
        ('{"text": "leave", "limit": "5"}', 422),
        ('{"text": "leave", "limit": 100000}', 422),
        ('{"text": "leave", "teams": ["a#b"]}', 422),
        ('{"text": "' + "x" * 1_000_000 + '"}', 413),
        ('{"text": "' + "x" * 9_900_000 + '"}', 413),
    ],
    ids=range(16),
)
def test_a_bad_body_is_refused_and_never_repeated(bank: RestBank, body: str, status: int) -> None:
    answered = bank.ask("POST", "/v1/search", body=body)
    assert answered.status == status, answered.text
    assert len(answered.text) < 1_000 and "Secret" not in answered.text and "leave" not in answered.text


def test_wrong_fields_are_named_where_they_stand(bank: RestBank) -> None:
    answered = bank.ask("GET", "/v1/conversations", query="limit=0&team=a&team=b&sort=odd&colour=red")
    assert {each["field"] for each in answered.json["errors"]} == {"query.limit", "query.sort", "query.colour"}
    twice = bank.ask("GET", "/v1/conversations", query="limit=1&limit=2")
    assert twice.status == 422 and twice.json["errors"][0]["field"] == "query.limit"
    assert bank.ask("GET", "/v1/conversations", query="&".join("team=a" for _ in range(200))).status == 400
    assert bank.ask("GET", "/v1/conversations", query="team=%ff").status == 400


def test_the_audit_log_is_read_a_month_at_a_time(bank: RestBank) -> None:
    window = {"since_ms": NOW_MS - 32 * DAY_MS, "until_ms": NOW_MS}
    refused = bank.ask("GET", "/v1/audit", role="auditor", query=window)
    assert refused.status == 422 and "31 days" in refused.json["detail"]


def test_what_is_no_route_and_what_is_no_method_of_one(bank: RestBank) -> None:
    for path in ("/", "/v1", "/v1/nothing", "/v2/contacts/c1", "/v1/contacts", "/v1/contacts/..", "/v1/contacts/a%2Fb"):
        assert bank.ask("GET", path).status == 404, path
    refused = bank.ask("PATCH", "/v1/contacts/c1/disposition")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, PUT")


def test_versions_and_media_types_are_agreed_on(bank: RestBank) -> None:
    assert bank.ask("GET", "/v1/book").headers["Sotto-Version"] == VERSIONS[0]
    assert bank.ask("GET", "/v1/book", headers={"sotto-version": VERSIONS[-1]}).status == 200
    assert bank.ask("GET", "/v1/book", headers={"sotto-version": "1999-01-01"}).status == 400
    assert bank.ask("GET", "/v1/book", headers={"accept": "text/html"}).status == 406
    assert bank.ask("POST", "/v1/search", body="text=x", headers={"content-type": "text/plain"}).status == 415
    head = bank.ask("HEAD", "/v1/book")
    assert (head.status, head.text) == (200, "") and "ETag" in head.headers


def test_what_nobody_foresaw_is_a_problem_that_says_nothing(bank: RestBank, account: None) -> None:
    from functions.serve_api.handler import handler

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("I want to leave.")

    broken = bank.another_process(agent_ports=Broken())
    event = {
        "rawPath": "/v1/book",
        "headers": {"Authorization": f"Bearer {bank.keys[Role.ANALYST]}"},
        "requestContext": {"http": {"method": "GET"}},
    }
    found = handler.within(broken)(event, None)
    assert found["statusCode"] == 500 and "leave" not in json.dumps(found)
    assert found["headers"]["Content-Type"] == "application/problem+json"


def test_what_is_sent_is_in_no_log_and_no_metric(bank: RestBank, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "Zephyrine"
    for route in ROUTES:
        body = dict.fromkeys(route.example.body or {}, secret) | {secret: secret}
        for sent in (route.example.body, body, json.dumps(secret), f'{{"{secret}'):
            bank.send(route, body=sent, query={secret: secret}, headers={"idempotency-key": f"{secret} {secret}"})
            bank.send(route, body=sent, headers={"if-match": f'"{secret}"'}, key=f"sotto_live_bank_{secret}")
        path = "/".join(secret if part.startswith("{") else part for part in route.path.split("/"))
        assert secret not in bank.ask(route.method, path, role=route.example.role, body=route.example.body).text
    ours = [each for each in caplog.records if not each.name.startswith(("botocore", "moto", "urllib3", "boto3"))]
    assert secret not in "".join(f"{each.getMessage()} {each.__dict__}" for each in ours)
    bank.sotto.metrics.flush()
    assert secret not in Path(bank.environment["SOTTO_METRICS_FILE"]).read_text()


def _entries(bank: RestBank, action: AuditAction) -> list[tuple[str, str]]:
    found = bank.sotto.audit_log.entries(BANK, NOW_MS, int(bank.clock.now_ms()) + 1)
    return [(each.who, each.record) for each in found if each.action is action]


def test_what_expand_asks_for_is_what_the_routes_beside_it_answer(bank: RestBank) -> None:
    parts = {"summary": None, "disposition": None, "checklist": "data", "feedback": "data"}
    found = bank.ask("GET", "/v1/contacts/c1", query={"expand": list(parts)}).json["expanded"]
    for name, within in parts.items():
        alone = bank.ask("GET", f"/v1/contacts/c1/{name}").json
        assert found[name] == (alone[within] if within else alone), name
    one = bank.ask("GET", "/v1/contacts/c1", query={"expand": "checklist"}).json["expanded"]
    assert one["checklist"] and one["summary"] is None
    wrong = bank.ask("GET", "/v1/contacts/c1", query={"expand": "transcript"})
    assert wrong.status == 422 and wrong.json["errors"][0]["field"].startswith("query.expand")


def test_a_workflow_is_decided_once_cancelled_twice_and_nobody_elses(bank: RestBank) -> None:
    def asked(method: str, place: str, body: Any = None, **more: Any) -> Answered:
        return bank.ask(method, f"/v1/workflows{place}", body=body, **({"role": "quality"} | more))

    begun = asked("POST", "", {"workflow": "complaint_hand_off", "contact_id": "c1"})
    place = f"/{begun.json['id']}"
    assert begun.status == 202 and begun.json["state"] == "running"
    for wrong in ({"workflow": "x", "contact_id": "c1"}, {"workflow": "churn_rescue", "contact_id": "c1", "to": "a@b"}):
        assert asked("POST", "", wrong).status == 422
    assert asked("POST", "", {"workflow": "churn_rescue", "contact_id": "nobody"}).status in (403, 404)
    early = asked("PUT", f"{place}/continue", {"step": "taken", "choice": "taken"})
    assert early.status == 409 and "does not wait" in early.json["detail"]
    example = f"/wf_{NOW_MS}_00000000000000aa"
    assert asked("PUT", f"{example}/continue", {"step": "again", "choice": "answered"}).status == 409
    assert asked("POST", f"{place}/fork", {"step": "taken"}).status == 404
    gone = asked("DELETE", place)
    assert gone.json["state"] == "cancelled" and asked("DELETE", place).json == gone.json
    assert asked("GET", place, role="admin").status == 403
    own = f"person.{BANK}.emma.quality"
    assert asked("PUT", f"{example}/continue", {"step": "taken", "choice": "taken"}, key=own).status == 404
    for nothing in ("/wf_1", "/wf_1790000000000_ffffffffffffffff", "/c1"):
        assert asked("GET", nothing).status == 404
