"""Acting as a tenant. Kind: contract, against an STS and clients that remember what they were asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sotto.aws.keys import BadKey
from sotto.aws.tenant_sessions import (
    LIFE_S,
    Credentials,
    TenantDynamoDB,
    TenantS3,
    TenantSessionRefused,
    TenantSessions,
    TenantSessionUnavailable,
    tenant_of_key,
)
from tests.fakes.clock import ClockByHand

ROLE = "arn:aws:iam::111122223333:role/sotto-tenant-{tenant}"


class RememberingSts:
    def __init__(self, clock: ClockByHand, refusal: str | None = None) -> None:
        self.assumed: list[str] = []
        self.tags: list[dict[str, str]] = []
        self._clock = clock
        self._refusal = refusal

    def assume_role(self, **request: Any) -> Any:
        if self._refusal:
            raise ClientError({"Error": {"Code": self._refusal, "Message": ""}}, "AssumeRole")
        self.assumed.append(request["RoleArn"].rpartition("/")[2])
        self.tags.append({each["Key"]: each["Value"] for each in request["Tags"]})
        expires = datetime.fromtimestamp(self._clock.now_ms() / 1000 + request["DurationSeconds"], UTC)
        return {
            "Credentials": {
                "AccessKeyId": request["RoleArn"],
                "SecretAccessKey": "s",
                "SessionToken": "t",
                "Expiration": expires,
            }
        }


class ActingClient:
    """Answers every request with who asked."""

    def __init__(self, who: str) -> None:
        self.who = who

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self if name == "get_paginator" else self.who


@pytest.fixture
def clock() -> ClockByHand:
    return ClockByHand(1_000_000.0)


@pytest.fixture
def sts(clock: ClockByHand) -> RememberingSts:
    return RememberingSts(clock)


def sessions_of(sts: RememberingSts, clock: ClockByHand) -> TenantSessions:
    return TenantSessions(sts, ROLE, _acting, clock)


def _acting(service: str, credentials: Credentials) -> ActingClient:
    return ActingClient(credentials.access_key.rpartition("/")[2])


@pytest.fixture
def dynamodb(sts: RememberingSts, clock: ClockByHand) -> TenantDynamoDB:
    return TenantDynamoDB(sessions_of(sts, clock), ActingClient("the function itself"))


@pytest.mark.parametrize(
    ("pk", "who"),
    [
        ("harbour_bank#contact-1", "sotto-tenant-harbour_bank"),
        ("harbour_bank#agent#emma", "sotto-tenant-harbour_bank"),
        ("torque_garage#book", "sotto-tenant-torque_garage"),
        ("tenant#torque_garage", "sotto-tenant-torque_garage"),
        ("tenant#shared", "the function itself"),
        ("instance#1111", "the function itself"),
    ],
)
def test_every_operation_is_done_by_whom_the_key_names(dynamodb: TenantDynamoDB, pk: str, who: str) -> None:
    key = {"pk": {"S": pk}}
    assert dynamodb.get_item(TableName="t", Key=key) == who
    assert dynamodb.delete_item(TableName="t", Key=key) == who
    assert dynamodb.put_item(TableName="t", Item=key) == who
    assert dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "t", "Item": key}}]) == who
    assert dynamodb.get_paginator("query").paginate(ExpressionAttributeValues={":pk": key["pk"]}) == who


def test_objects_are_read_by_the_tenant_of_their_prefix(sts: RememberingSts, clock: ClockByHand) -> None:
    s3 = TenantS3(sessions_of(sts, clock))
    assert s3.get_object(Bucket="b", Key="harbour_bank/books/1.json") == "sotto-tenant-harbour_bank"


def test_a_session_is_kept_and_renewed_before_it_ends(
    dynamodb: TenantDynamoDB, sts: RememberingSts, clock: ClockByHand
) -> None:
    for _ in range(3):
        dynamodb.get_item(Key={"pk": {"S": "harbour_bank#1"}})
    assert sts.assumed == ["sotto-tenant-harbour_bank"]
    clock.advance((LIFE_S - 60) * 1000)
    dynamodb.get_item(Key={"pk": {"S": "harbour_bank#1"}})
    assert sts.assumed == ["sotto-tenant-harbour_bank"] * 2


def test_a_session_names_its_tenant_in_a_tag_and_the_audio_workers_its_right_to_read_media(
    sts: RememberingSts, clock: ClockByHand
) -> None:
    sessions_of(sts, clock).client("harbour_bank", "dynamodb")
    TenantSessions(sts, ROLE, _acting, clock, media="read").credentials("harbour_bank")
    assert sts.tags == [{"tenant": "harbour_bank"}, {"tenant": "harbour_bank", "media": "read"}]


def test_a_refused_role_says_so_and_a_busy_sts_may_be_asked_again(clock: ClockByHand) -> None:
    with pytest.raises(TenantSessionRefused, match="sotto-tenant-harbour_bank may not be assumed"):
        sessions_of(RememberingSts(clock, "AccessDenied"), clock).client("harbour_bank", "s3")
    with pytest.raises(TenantSessionUnavailable, match="Throttling"):
        sessions_of(RememberingSts(clock, "Throttling"), clock).client("harbour_bank", "s3")


def test_a_key_that_names_no_tenant_is_refused_before_aws_sees_it() -> None:
    for pk in ("", "#x", "Harbour Bank#x", "tenant#", "../x#y"):
        with pytest.raises(BadKey):
            tenant_of_key(pk)
