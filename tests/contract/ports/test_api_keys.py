"""Contract tests: providers' keys, as given, in memory, and in Secrets Manager's emulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sotto.aws.secrets import FETCH_AGAIN_AFTER_MS, KEPT_MS, GivenKey, SecretsManagerKey
from sotto.core.api_keys import ApiKey, KeyMissing, KeyUnavailable
from tests.contract.ports.api_key_contract import ApiKeyContract, RotatingKeyContract
from tests.fakes.rotated_key import RotatedKey
from tests.fakes.turned_clock import TurnedClock


class Counted:
    """A client that says how often it was asked."""

    def __init__(self, client: Any) -> None:
        self.asked = 0
        self._client = client

    def get_secret_value(self, **wanted: Any) -> Any:
        self.asked += 1
        return self._client.get_secret_value(**wanted)


@pytest.fixture
def secrets(aws: boto3.Session) -> Any:
    return aws.client("secretsmanager")


class TestGivenKey(ApiKeyContract):
    @pytest.fixture
    def key(self) -> ApiKey:
        return GivenKey("old")


class TestRotatedKey(ApiKeyContract):
    @pytest.fixture
    def key(self) -> ApiKey:
        return RotatedKey("old")


class TestRotatedKeyWithAnother(RotatingKeyContract):
    @pytest.fixture
    def key(self) -> ApiKey:
        return RotatedKey("old", "new")

    @pytest.fixture
    def rotate(self) -> Callable[[], None]:
        return lambda: None


class TestSecretsManagerKey(ApiKeyContract, RotatingKeyContract):
    """Time enough passes between a rotation and a refusal: see the limit below."""

    @pytest.fixture
    def clock(self) -> TurnedClock:
        return TurnedClock()

    @pytest.fixture
    def key(self, secrets: Any, clock: TurnedClock) -> ApiKey:
        secrets.create_secret(Name="key", SecretString="old")
        return SecretsManagerKey(secrets, "key", clock)

    @pytest.fixture
    def rotate(self, secrets: Any, clock: TurnedClock) -> Callable[[], None]:
        def rotated() -> None:
            secrets.put_secret_value(SecretId="key", SecretString="new")
            clock.time_ms += FETCH_AGAIN_AFTER_MS

        return rotated


def test_a_key_is_the_secret_itself_or_a_field_of_it(secrets: Any) -> None:
    secrets.create_secret(Name="plain", SecretString="abc\n")
    secrets.create_secret(Name="fields", SecretString='{"api_key": "def"}')
    assert SecretsManagerKey(secrets, "plain", TurnedClock()).current() == "abc"
    assert SecretsManagerKey(secrets, "fields", TurnedClock()).current() == "def"


def test_a_key_is_fetched_once_and_again_when_it_has_aged(secrets: Any) -> None:
    secrets.create_secret(Name="key", SecretString="old")
    clock, client = TurnedClock(), Counted(secrets)
    key = SecretsManagerKey(client, "key", clock)  # type: ignore[arg-type]
    assert [key.current(), key.current()] == ["old", "old"] and client.asked == 1
    secrets.put_secret_value(SecretId="key", SecretString="new")
    assert key.current() == "old"
    clock.time_ms += KEPT_MS
    assert key.current() == "new"


def test_a_refused_key_is_fetched_again_at_once_but_not_at_every_refusal(secrets: Any) -> None:
    secrets.create_secret(Name="key", SecretString="old")
    clock, client = TurnedClock(), Counted(secrets)
    key = SecretsManagerKey(client, "key", clock)  # type: ignore[arg-type]
    key.current()
    secrets.put_secret_value(SecretId="key", SecretString="new")
    clock.time_ms += FETCH_AGAIN_AFTER_MS
    key.refused("old")
    assert key.current() == "new"
    key.refused("old")
    key.refused("new")
    assert key.current() == "new" and client.asked == 2


@pytest.mark.parametrize("secret", ["{}", '{"api_key": ""}', '{"api_key": 5}', " "])
def test_a_secret_of_another_shape_says_what_to_write_and_not_what_it_holds(secrets: Any, secret: str) -> None:
    secrets.create_secret(Name="key", SecretString=secret)
    with pytest.raises(KeyMissing, match="write the key itself, or JSON with 'api_key'"):
        SecretsManagerKey(secrets, "key", TurnedClock()).current()


def test_a_missing_secret_is_named(secrets: Any) -> None:
    with pytest.raises(KeyMissing, match="secret nowhere: ResourceNotFoundException"):
        SecretsManagerKey(secrets, "nowhere", TurnedClock()).current()


def test_secrets_manager_out_of_reach_is_no_refusal() -> None:
    quick = Config(connect_timeout=1, retries={"total_max_attempts": 1})
    client = boto3.client(
        "secretsmanager", region_name="eu-west-1", endpoint_url="http://127.0.0.1:9", config=quick,
        aws_access_key_id="test", aws_secret_access_key="test",
    )  # fmt: skip
    with pytest.raises(KeyUnavailable, match="cannot be reached"):
        SecretsManagerKey(client, "key", TurnedClock()).current()
