"""Contract tests: the Python SDK against the API in this process, and what it does when answers do not come."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from moto import mock_aws

from tests.contract.rest_bank import RestBank

SDK = Path(__file__).parents[2] / "sdks" / "python"
README = (SDK / "README.md").read_text()


@pytest.fixture(scope="module")
def sdk() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as paths:
        paths.syspath_prepend(str(SDK))
        yield importlib.import_module("sotto_api")
        for name in [each for each in sys.modules if each.partition(".")[0] == "sotto_api"]:
            del sys.modules[name]


@pytest.fixture(scope="module")
def bank() -> Iterator[RestBank]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        made = RestBank()
        made.put_example_webhook()
        made.put_example_insights()
        made.put_example_export()
        made.put_example_workflow()
        yield made


class ToTheBank(httpx.BaseTransport):
    """``lost``: how many answers get lost on their way, after the API has given them."""

    def __init__(self, bank: RestBank, lost: int = 0) -> None:
        self.bank, self.lost, self.asked = bank, lost, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        headers = dict(request.headers)
        key = headers.pop("authorization").removeprefix("Bearer ")
        query = request.url.query.decode()
        body = request.read().decode() or None
        found = self.bank.ask(request.method, request.url.path, key=key, query=query, body=body, headers=headers)
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("lost")
        return httpx.Response(found.status, headers=dict(found.headers), text=found.text)


def test_calls_are_read_and_lists_go_on_by_themselves(bank: RestBank, sdk: ModuleType) -> None:
    transport = ToTheBank(bank)
    with sdk.Sotto("http://api.test", bank.key_of("analyst"), transport=transport) as sotto:
        assert sotto.get_contact("c1")["agent"] == "emma"
        assert [each["text"] for each in sotto.iterate_transcript("c1", limit=1)] == ["I want to leave."]
        assert [each["conversation_id"] for each in sotto.iterate_conversations(team=["service"])] == ["c1"]
        assert sotto.search_moments(text="leave", limit=5)["data"] == []
    assert transport.asked == 5


def test_a_refusal_says_what_is_wrong(bank: RestBank, sdk: ModuleType) -> None:
    with sdk.Sotto("http://api.test", bank.key_of("analyst"), transport=ToTheBank(bank)) as sotto:
        with pytest.raises(sdk.ApiError) as missing:
            sotto.get_contact("nobody")
        assert (missing.value.status, missing.value.type) == (404, "not-found")
        with pytest.raises(sdk.ApiError) as wrong:
            sotto.list_conversations(limit=0)
        assert wrong.value.errors[0]["field"] == "query.limit"


def test_a_write_whose_answer_is_lost_is_done_once(bank: RestBank, sdk: ModuleType) -> None:
    waits: list[float] = []
    transport = ToTheBank(bank, lost=2)
    with sdk.Sotto("http://api.test", bank.key_of("privacy_officer"), transport=transport, sleep=waits.append) as sotto:
        asked = sotto.ask_erasure(person={"kind": "contact", "value": "c1"})
    requests = bank.sotto.erasure_requests.open_requests("bank", limit=10)
    assert list(requests) == [asked["id"]] and transport.asked == 3 and len(waits) == 2


def test_who_is_asked_to_wait_waits(sdk: ModuleType) -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503), httpx.Response(200, json={})]
    waits: list[float] = []
    transport = httpx.MockTransport(lambda request: answers.pop(0))
    with sdk.Sotto("http://api.test", "k", transport=transport, sleep=waits.append) as sotto:
        assert sotto.get_book() == {}
    assert waits[0] >= 7 and 0 < waits[1] < 7


def test_a_wait_is_as_long_as_the_limits_window(sdk: ModuleType) -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "60"}), httpx.Response(200, json={})]
    waits: list[float] = []
    transport = httpx.MockTransport(lambda request: answers.pop(0))
    with sdk.Sotto("http://api.test", "k", transport=transport, sleep=waits.append) as sotto:
        sotto.get_book()
    assert waits == [60]


def test_an_id_stays_one_step_of_the_address(bank: RestBank, sdk: ModuleType) -> None:
    transport = ToTheBank(bank)
    with sdk.Sotto("http://api.test", bank.key_of("quality"), transport=transport) as sotto:
        for id_ in ("", ".", "..", "c1/summary"):
            with pytest.raises(ValueError, match="an id is"):
                sotto.get_contact(id_)
        assert transport.asked == 0
        for id_ in ("c1?limit=1", "c1#", "c1%2Fsummary", "nobody"):
            with pytest.raises(sdk.ApiError):
                sotto.get_contact(id_)


def test_it_gives_up_after_four_tries(sdk: ModuleType) -> None:
    asked = []
    transport = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(503, text="<html>"))
    sotto = sdk.Sotto("http://api.test", "k", transport=transport, sleep=lambda s: None)
    with sotto, pytest.raises(sdk.ApiError) as failed:
        sotto.get_book()
    assert failed.value.status == 503 and len(asked) == 4


def test_the_readmes_example_runs(bank: RestBank, sdk: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    code = README.partition("```python\n")[2].partition("```")[0]
    with sdk.Sotto("http://api.test", bank.key_of("quality"), transport=ToTheBank(bank)) as sotto:
        exec(code.replace('Sotto("https://api.example.com", key)', "opened"), {"opened": sotto, "key": ""})  # noqa: S102 (the example that the page shows)
    assert "I want to leave." in capsys.readouterr().out
