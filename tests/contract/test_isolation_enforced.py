"""Contract: the embedded AWS refuses a tenant's records to whoever has no session of that tenant's role, as IAM would
by the policies that the CDK app writes from the same table. Unmodified boto3 clients; the codes are AWS's."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from functions.specs import everything
from local.aws.resources import create
from local.aws.stack import TENANT_ROLE_ARN, EmbeddedAws
from sotto.aws.tenant_sessions import Denied, watch_denials
from sotto.core.resources import RECORDINGS, Resources
from sotto.wiring.sotto import Sotto

TENANTS = ("harbour_bank", "torque_garage")
BUCKET = "sotto-artifacts"


class Cell:
    """Two tenants' records, and clients that ask for them."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        dynamodb, s3 = aws.engineer("dynamodb"), aws.engineer("s3")
        for tenant in TENANTS:
            for table, pk in (
                ("contacts", f"{tenant}#c1"),
                ("tenants", f"{tenant}#book"),
                ("models", f"tenant#{tenant}"),
            ):
                dynamodb.put_item(TableName=f"sotto-{table}", Item=item(pk))
            s3.put_object(Bucket=BUCKET, Key=f"{tenant}/books/v1.json", Body=b"{}")
        dynamodb.put_item(TableName="sotto-tenants", Item=item("instance#i1"))
        dynamodb.put_item(TableName="sotto-models", Item=item("tenant#shared"))

    def function(self, service: str) -> Any:
        """With the credentials that functions have of their own."""
        where = self.aws.environment()
        return self._client(service, where["AWS_ACCESS_KEY_ID"], where["AWS_SECRET_ACCESS_KEY"], None)

    def session_of(self, tenant: str, service: str) -> Any:
        given = self.function("sts").assume_role(
            RoleArn=role(tenant), RoleSessionName="subject", Tags=tagged(tenant=tenant)
        )["Credentials"]
        return self._client(service, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def _client(self, service: str, key: str, secret: str, token: str | None) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.aws.url,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(signature_version="s3v4") if service == "s3" else None,
        )


def tagged(**tags: str) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def role(tenant: str) -> str:
    return TENANT_ROLE_ARN.replace("{tenant}", tenant)


def item(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "s"}}


@pytest.fixture(scope="module")
def cell() -> Iterator[Cell]:
    with EmbeddedAws(tenants=lambda: TENANTS) as aws:
        create(
            Resources(tables=everything().tables, buckets=everything().buckets),
            aws.functions,
            aws.engineer,
            aws_repository(),
        )
        yield Cell(aws)


def aws_repository() -> Any:
    from local.options import REPOSITORY

    return REPOSITORY


def get(client: Any, table: str, pk: str) -> Any:
    return client.get_item(TableName=f"sotto-{table}", Key=item(pk))["Item"]


def query(client: Any, table: str, pk: str) -> int:
    values = {":pk": {"S": pk}, ":s": {"S": "s"}}
    expression = "pk = :pk AND begins_with(sk, :s)"
    pages = client.get_paginator("query").paginate(
        TableName=f"sotto-{table}", KeyConditionExpression=expression, ExpressionAttributeValues=values
    )
    return sum(len(page["Items"]) for page in pages)


def put_two(client: Any, *pks: str) -> None:
    items = [{"Put": {"TableName": "sotto-contacts", "Item": item(pk) | {"n": {"N": "1"}}}} for pk in pks]
    client.transact_write_items(TransactItems=items)


DENIED: dict[str, Any] = {
    "get": lambda dynamodb, of: get(dynamodb, "contacts", f"{of}#c1"),
    "query": lambda dynamodb, of: query(dynamodb, "contacts", f"{of}#c1"),
    "put": lambda dynamodb, of: dynamodb.put_item(TableName="sotto-contacts", Item=item(f"{of}#c2")),
    "delete": lambda dynamodb, of: dynamodb.delete_item(TableName="sotto-contacts", Key=item(f"{of}#c1")),
    "book": lambda dynamodb, of: get(dynamodb, "tenants", f"{of}#book"),
    "models": lambda dynamodb, of: query(dynamodb, "models", f"tenant#{of}"),
    "scan": lambda dynamodb, of: dynamodb.scan(TableName="sotto-contacts"),
    "statement": lambda dynamodb, of: dynamodb.execute_statement(Statement='SELECT * FROM "sotto-contacts"'),
    "batch": lambda dynamodb, of: dynamodb.batch_get_item(
        RequestItems={"sotto-contacts": {"Keys": [item(f"{of}#c1")]}}
    ),
}


def code_of(ask: Any) -> str:
    with pytest.raises(ClientError) as refused:
        ask()
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize("asked", DENIED)
def test_a_functions_own_role_reaches_no_tenants_records(cell: Cell, asked: str) -> None:
    assert code_of(lambda: DENIED[asked](cell.function("dynamodb"), "harbour_bank")) == "AccessDeniedException"


@pytest.mark.parametrize("asked", DENIED)
def test_another_tenants_session_reaches_them_neither(cell: Cell, asked: str) -> None:
    session = cell.session_of("torque_garage", "dynamodb")
    assert code_of(lambda: DENIED[asked](session, "harbour_bank")) == "AccessDeniedException"


def test_the_tenants_own_session_reads_and_writes_them(cell: Cell) -> None:
    session = cell.session_of("harbour_bank", "dynamodb")
    put_two(session, "harbour_bank#c3", "harbour_bank#c4")
    assert get(session, "contacts", "harbour_bank#c3")["n"] == {"N": "1"}
    assert query(session, "contacts", "harbour_bank#c4") == 1
    assert get(session, "tenants", "harbour_bank#book")
    assert query(session, "models", "tenant#harbour_bank") == 1


def test_a_transaction_that_mixes_tenants_is_refused_whole(cell: Cell) -> None:
    session = cell.session_of("harbour_bank", "dynamodb")
    assert code_of(lambda: put_two(session, "harbour_bank#c5", "torque_garage#c5")) == "AccessDeniedException"
    assert query(session, "contacts", "harbour_bank#c5") == 0


def test_a_tenant_changes_no_book_and_no_models_but_its_own(cell: Cell) -> None:
    """Its own shelf and what it learned from (0570); its own book (0563), and not whose an instance is."""
    session = cell.session_of("harbour_bank", "dynamodb")
    for table, pk in (
        ("tenants", "torque_garage#book"),
        ("tenants", "harbour_bank#book#other"),
        ("tenants", "instance#i1"),
        ("models", "tenant#torque_garage"),
        ("models", "tenant#shared"),
        ("models", "tenant#harbour_bank_2"),
    ):
        writing = {"TableName": f"sotto-{table}", "Item": item(pk)}
        assert code_of(lambda writing=writing: session.put_item(**writing)) == "AccessDeniedException"
    session.put_item(TableName="sotto-models", Item=item("tenant#harbour_bank") | {"sk": {"S": "learned#c1#00000001"}})
    session.put_item(TableName="sotto-tenants", Item=item("harbour_bank#book") | {"sk": {"S": "playbook#1-v1"}})


def test_a_name_that_begins_like_another_is_another(cell: Cell) -> None:
    cell.aws.engineer("dynamodb").put_item(TableName="sotto-contacts", Item=item("harbour_bank_2#c1"))
    session = cell.session_of("harbour_bank", "dynamodb")
    assert code_of(lambda: get(session, "contacts", "harbour_bank_2#c1")) == "AccessDeniedException"


def test_what_is_nobodys_is_every_functions(cell: Cell) -> None:
    own = cell.function("dynamodb")
    assert get(own, "tenants", "instance#i1")
    assert query(own, "models", "tenant#shared") == 1


def test_objects_are_the_tenants_too(cell: Cell) -> None:
    wanted = {"Bucket": BUCKET, "Key": "harbour_bank/books/v1.json"}
    assert cell.session_of("harbour_bank", "s3").get_object(**wanted)["Body"].read() == b"{}"
    for denied in (cell.function("s3"), cell.session_of("torque_garage", "s3")):
        assert code_of(lambda denied=denied: denied.get_object(**wanted)) == "AccessDenied"
        assert code_of(lambda denied=denied: denied.list_objects_v2(Bucket=BUCKET)) == "AccessDenied"
    own, other = cell.session_of("harbour_bank", "s3"), cell.session_of("torque_garage", "s3")
    book = {"Bucket": BUCKET, "Key": "harbour_bank/books/v2.json", "Body": b"mine"}
    assert code_of(lambda: other.put_object(**book)) == "AccessDenied"
    assert code_of(lambda: own.put_object(**book | {"Key": "harbour_bank/models/v2.json"})) == "AccessDenied"
    assert code_of(lambda: own.delete_object(**wanted)) == "AccessDenied"
    own.put_object(**book)


def opened(url: str) -> httpx.Response:
    """As a browser opens it: with nothing but the address."""
    return httpx.get(url, trust_env=False)


def test_a_link_opens_what_its_signer_may_read_as_long_as_it_lasts(cell: Cell) -> None:
    key = "harbour_bank/recordings/c1/r1.wav"
    cell.aws.engineer("s3").put_object(Bucket=RECORDINGS, Key=key, Body=b"RIFF and more")
    asked = {"Bucket": RECORDINGS, "Key": key}

    def link(client: Any, lasts_s: int = 60) -> str:
        return str(client.generate_presigned_url("get_object", Params=asked, ExpiresIn=lasts_s))

    own = link(cell.session_of("harbour_bank", "s3"))
    assert opened(own).content == b"RIFF and more"
    part = httpx.get(own, headers={"range": "bytes=5-7"}, trust_env=False)
    assert (part.status_code, part.content) == (206, b"and")
    for other in (cell.session_of("torque_garage", "s3"), cell.function("s3")):
        assert opened(link(other)).status_code == 403
    over = re.sub(r"X-Amz-Date=\w+", "X-Amz-Date=20260101T000000Z", own)
    assert (opened(over).status_code, "Request has expired" in opened(over).text) == (403, True)
    assert opened(own.replace("X-Amz-Expires=60", "X-Amz-Expires=x")).status_code == 400


PLAYER = {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "audio"}


def test_a_pages_player_opens_a_signed_link_and_nothing_else(cell: Cell) -> None:
    key = "harbour_bank/recordings/c1/r2.wav"
    cell.aws.engineer("s3").put_object(Bucket=RECORDINGS, Key=key, Body=b"RIFF and more")
    s3 = cell.session_of("harbour_bank", "s3")
    own = str(s3.generate_presigned_url("get_object", Params={"Bucket": RECORDINGS, "Key": key}, ExpiresIn=60))

    def played(url: str, **headers: str) -> int:
        return httpx.get(url, headers={**PLAYER, **headers}, trust_env=False).status_code

    assert (played(own), played(own, range="bytes=0-3")) == (200, 206)
    assert played(own.replace("r2.wav", "r1.wav")) == 403
    assert played(own.replace("X-Amz-Expires=60", "X-Amz-Expires=600")) == 403
    assert played(own.split("?")[0]) == 403
    forged = re.sub(
        r"X-Amz-Credential=[^&]+", "X-Amz-Credential=engineer%2F20260101%2Fus-east-1%2Fs3%2Faws4_request", own
    )
    assert played(forged) == 403
    assert played(own, **{"sec-fetch-dest": "empty"}) == played(own, origin="https://evil.example") == 403


def test_facts_are_the_tenants_with_all_their_versions(cell: Cell) -> None:
    own, place = cell.session_of("harbour_bank", "s3"), {"Bucket": "sotto-facts", "Key": "harbour_bank/a/dt=1/part"}
    for _ in range(2):
        own.put_object(**place, Body=b"rows")
    found = own.list_object_versions(Bucket="sotto-facts", Prefix="harbour_bank/a/")["Versions"]
    assert len(found) == 2
    for denied in (cell.function("s3"), cell.session_of("torque_garage", "s3")):
        for asked in (
            lambda denied=denied: denied.get_object(**place),
            lambda denied=denied: denied.put_object(**place, Body=b"mine"),
            lambda denied=denied: denied.delete_object(**place, VersionId=found[0]["VersionId"]),
            lambda denied=denied: denied.list_object_versions(Bucket="sotto-facts", Prefix="harbour_bank/"),
        ):
            assert code_of(asked) == "AccessDenied"
    assert code_of(lambda: own.list_object_versions(Bucket="sotto-facts")) == "AccessDenied"
    assert code_of(lambda: own.delete_object(**place)) == "AccessDenied", "a marker would hide it and delete nothing"
    own.delete_object(**place, VersionId=found[1]["VersionId"])


def test_only_deployed_tenants_may_be_acted_as_and_no_session_leads_to_another(cell: Cell) -> None:
    asked = {"RoleSessionName": "subject"}
    nobody = {"RoleArn": role("nobody"), "Tags": tagged(tenant="nobody"), **asked}
    assert code_of(lambda: cell.function("sts").assume_role(**nobody)) == "AccessDenied"
    other = {"RoleArn": role("torque_garage"), "Tags": tagged(tenant="torque_garage"), **asked}
    for stranger in (cell.session_of("harbour_bank", "sts"), cell.aws.engineer("sts")):
        assert code_of(lambda stranger=stranger: stranger.assume_role(**other)) == "AccessDenied"


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"tenant": "torque_garage"},
        {"tenant": "*"},
        {"media": "read"},
        {"tenant": "harbour_bank", "admin": "true"},
        {"tenant": "harbour_bank", "media": "write"},
    ],
)
def test_a_session_must_name_the_tenant_of_its_role_and_nothing_else(cell: Cell, tags: dict[str, str]) -> None:
    asked = {"RoleArn": role("harbour_bank"), "RoleSessionName": "subject", "Tags": tagged(**tags)}
    assert code_of(lambda: cell.function("sts").assume_role(**asked)) == "AccessDenied"


def test_the_audio_workers_session_says_so_and_reaches_the_same_records(cell: Cell) -> None:
    tags = tagged(tenant="harbour_bank", media="read")
    asked = {"RoleArn": role("harbour_bank"), "RoleSessionName": "subject", "Tags": tags}
    given = cell.function("sts").assume_role(**asked)["Credentials"]
    session = cell._client("dynamodb", given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    assert get(session, "tenants", "harbour_bank#book")


def test_a_sessions_key_without_its_token_is_not_that_session(cell: Cell) -> None:
    asked = {"RoleArn": role("harbour_bank"), "RoleSessionName": "subject", "Tags": tagged(tenant="harbour_bank")}
    given = cell.function("sts").assume_role(**asked)["Credentials"]
    forged = cell._client("dynamodb", given["AccessKeyId"], given["SecretAccessKey"], "not-the-token")
    assert code_of(lambda: get(forged, "contacts", "harbour_bank#c1")) == "UnrecognizedClientException"


def test_a_denial_is_reported_and_a_missing_item_is_not(cell: Cell) -> None:
    reported: list[Denied] = []
    session = watch_denials(cell.session_of("harbour_bank", "dynamodb"), reported.append)
    session.get_item(TableName="sotto-contacts", Key=item("harbour_bank#none"))
    assert reported == []
    code_of(lambda: query(session, "contacts", "torque_garage#c1"))
    assert reported == [Denied("dynamodb", "Query", "AccessDeniedException")]


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record)


def test_a_denial_is_the_log_line_that_an_alarm_counts_and_names_nobody(cell: Cell) -> None:
    lines, log = Lines(), logging.getLogger("isolation")
    own = Sotto.of(cell.aws.environment(), session=cell.aws.session).client("dynamodb")
    before = log.level  # that of whoever named the logger first in this process, such as a benchmark's
    log.setLevel(logging.INFO)
    log.addHandler(lines)
    try:
        code_of(lambda: get(own, "contacts", "harbour_bank#c1"))
    finally:
        log.removeHandler(lines)
        log.setLevel(before)
    (line,) = lines.said
    assert line.getMessage() == "isolation denied"
    assert (line.operation, line.aws_service) == ("GetItem", "dynamodb")  # type: ignore[attr-defined]
    assert "harbour_bank" not in str(vars(line))
