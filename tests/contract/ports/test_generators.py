"""Contract tests: each provider of text against a local server that speaks its protocol.

The AWS clients are boto3's own, with only the endpoint's address changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.generation.bedrock import LocalBedrock
from local.generation.openai_host import LocalOpenAi
from local.generation.script import LocalGenerator, ScriptedAnswer
from local.generation.shard_stream import LocalShardStream
from sotto.aws.secrets import GivenKey
from sotto.core.clock import SystemClock
from sotto.generation.adapters.bedrock import BedrockGenerator, bedrock_clients
from sotto.generation.adapters.openai_compatible import OpenAiCompatibleGenerator
from sotto.generation.adapters.sagemaker_shard import ShardGenerator
from sotto.generation.chain import GenerationChain, Provider
from sotto.generation.generator import (
    CutOff,
    Generator,
    GeneratorBusy,
    GeneratorLate,
    GeneratorRefused,
    GeneratorUnavailable,
    TokenTally,
    Usage,
)
from sotto.generation.nodes import GenerativeNodes
from sotto.models.registry import ModelVersion
from tests.contract.ports.generator_contract import PROMPT, TENANT, WORDS, GeneratorContract
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.generating import KeptAccount, ScriptedGenerator, any_generation, wrote
from tests.fakes.rotated_key import RotatedKey
from tests.fakes.turned_clock import TurnedClock


@dataclass
class Pair:
    server: LocalGenerator
    generator: Generator

    def text(self, timeout_ms: float = 5_000) -> tuple[str, Usage]:
        tally = TokenTally()
        return tally.text(self.generator.generate(PROMPT, tenant=TENANT, timeout_ms=timeout_ms)), tally.usage


def aws(service: str, url: str) -> Any:
    def client_for(timeout_ms: float) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name="eu-west-1",
            endpoint_url=url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(read_timeout=timeout_ms / 1000, connect_timeout=1, retries={"total_max_attempts": 1}),
        )

    return client_for


def openai_pair() -> Pair:
    host = LocalOpenAi(keys={"good"})
    return Pair(host, OpenAiCompatibleGenerator(f"{host.url}/v1", "llama", GivenKey("good")))


def bedrock_pair() -> Pair:
    server = LocalBedrock()
    return Pair(server, BedrockGenerator(aws("bedrock-runtime", server.url), "some.model-v1:0"))


def worded_bedrock_pair() -> Pair:
    server = LocalBedrock()
    return Pair(server, BedrockGenerator(aws("bedrock-runtime", server.url), "some.model-v1:0", shape="words"))


def shard_pair() -> Pair:
    server = LocalShardStream()
    writer = ModelVersion(TENANT, "writer", "3", f"{TENANT}/writer/3.tar.gz", "generators", "writer")
    return Pair(server, ShardGenerator(aws("sagemaker-runtime", server.url), FixedRegistry(writer)))


PAIRS = {"openai": openai_pair, "bedrock": bedrock_pair, "bedrock-words": worded_bedrock_pair, "shard": shard_pair}


@pytest.fixture(params=PAIRS.values(), ids=PAIRS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    made: Pair = request.param()
    with made.server:
        yield made


class Served:
    """What the local server does with the next request."""

    def __init__(self, server: LocalGenerator) -> None:
        self._server = server

    def writes(self, pieces: Sequence[str]) -> None:
        self._server.turns.append(ScriptedAnswer(tuple(pieces)))

    def stalls(self) -> None:
        self._server.turns.append(ScriptedAnswer(WORDS, stall_after=2))

    def breaks_off(self) -> None:
        self._server.turns.append(ScriptedAnswer(WORDS, cut_after=2))

    def fails(self, meaning: type[Exception]) -> None:
        status = {GeneratorBusy: 429, GeneratorUnavailable: 500, GeneratorRefused: 400, GeneratorLate: 408}[meaning]
        self._server.turns.append(ScriptedAnswer(status=status))


class TestProvidersOfText(GeneratorContract):
    @pytest.fixture
    def generator(self, pair: Pair) -> Generator:
        return pair.generator

    @pytest.fixture
    def provider(self, pair: Pair) -> Served:
        return Served(pair.server)


class TestScriptedGenerator(GeneratorContract):
    @pytest.fixture
    def generator(self) -> Generator:
        return ScriptedGenerator(TurnedClock())

    @pytest.fixture
    def provider(self, generator: ScriptedGenerator) -> ScriptedGenerator:
        return generator


def test_a_busy_shard_is_a_healthy_one_and_another_provider_is_not() -> None:
    for made, meaning in ((shard_pair(), GeneratorBusy), (openai_pair(), GeneratorUnavailable)):
        with made.server:
            made.server.turns.append(ScriptedAnswer(status=503))
            with pytest.raises(meaning):
                made.text()


def test_a_provider_that_never_begins_is_late(pair: Pair) -> None:
    pair.server.turns.append(ScriptedAnswer(WORDS, stall_after=0))
    with pytest.raises(GeneratorLate):
        pair.text(timeout_ms=200)


def test_a_malformed_stream_is_no_answer(pair: Pair) -> None:
    pair.server.turns.append(ScriptedAnswer(WORDS, malformed=True))
    with pytest.raises(GeneratorUnavailable):
        pair.text()


def test_an_error_within_the_stream_is_no_answer(pair: Pair) -> None:
    pair.server.turns.append(ScriptedAnswer(WORDS, fails_with="throttlingException"))
    with pytest.raises((GeneratorUnavailable, GeneratorBusy)):
        pair.text()


def test_a_text_cut_by_the_token_limit_is_no_answer(pair: Pair) -> None:
    pair.server.turns.append(
        ScriptedAnswer(WORDS, finish="max_tokens" if isinstance(pair.server, LocalBedrock) else "length")
    )
    with pytest.raises(CutOff, match="length"):
        pair.text()


def test_a_provider_that_is_gone_is_unavailable(pair: Pair) -> None:
    with LocalOpenAi(keys=set()) as gone:
        url = gone.url
    generators: list[Generator] = [
        OpenAiCompatibleGenerator(url, "llama", GivenKey("good")),
        BedrockGenerator(aws("bedrock-runtime", url), "some.model-v1:0"),
    ]
    for generator in generators:
        with pytest.raises(GeneratorUnavailable):
            TokenTally().text(generator.generate(PROMPT, tenant=TENANT, timeout_ms=1_000))


def test_a_wrong_key_is_refused_and_forgotten() -> None:
    key = RotatedKey("old")
    with LocalOpenAi(keys={"good"}) as host:
        generator = OpenAiCompatibleGenerator(host.url, "llama", key)
        with pytest.raises(GeneratorRefused, match="replace the secret"):
            TokenTally().text(generator.generate(PROMPT, tenant=TENANT, timeout_ms=1_000))
        assert key.refusals == ["old"]


def test_the_shape_of_the_text_is_asked_for_in_each_providers_words() -> None:
    for made in (openai_pair(), bedrock_pair(), shard_pair()):
        with made.server:
            made.server.turns.append(ScriptedAnswer(WORDS))
            made.text()
            asked = made.server.asked[-1]
            assert PROMPT.json_schema and json.dumps(PROMPT.json_schema["type"]) in json.dumps(asked.body).replace(
                "\\", ""
            )
            assert "Grüße" in json.dumps(asked.body, ensure_ascii=False)


def test_bedrock_must_call_a_tool_whose_input_is_the_text() -> None:
    made = bedrock_pair()
    with made.server:
        made.server.turns.append(ScriptedAnswer(WORDS, aside="Let me write that."))
        assert made.text()[0] == "".join(WORDS)
        config = made.server.asked[-1].body["toolConfig"]
    assert config["toolChoice"] == {"tool": {"name": config["tools"][0]["toolSpec"]["name"]}}
    assert config["tools"][0]["toolSpec"]["inputSchema"] == {"json": PROMPT.json_schema}


def test_bedrocks_structured_output_is_asked_for_where_a_model_has_it() -> None:
    with LocalBedrock() as server:
        generator = BedrockGenerator(aws("bedrock-runtime", server.url), "some.model-v1:0", shape="schema")
        server.turns.append(ScriptedAnswer(WORDS))
        assert TokenTally().text(generator.generate(PROMPT, tenant=TENANT, timeout_ms=5_000)) == "".join(WORDS)
        asked = server.asked[-1].body
    shape = asked["outputConfig"]["textFormat"]
    assert shape["type"] == "json_schema" and "toolConfig" not in asked
    assert json.loads(shape["structure"]["jsonSchema"]["schema"]) == PROMPT.json_schema


def test_the_shard_is_sent_the_tenants_adapter_and_the_deadline() -> None:
    made = shard_pair()
    with made.server:
        made.server.turns.append(ScriptedAnswer(WORDS))
        made.text(timeout_ms=700)
        attributes = made.server.asked[-1].headers["x-amzn-sagemaker-custom-attributes"]
        assert attributes == "adapter=harbour_bank/writer/3.tar.gz,deadline_ms=700"


def test_a_tenant_without_an_adapter_is_refused_without_a_request() -> None:
    made = shard_pair()
    with made.server, pytest.raises(GeneratorRefused, match="no model 'writer'"):
        TokenTally().text(made.generator.generate(PROMPT, tenant="torque_garage", timeout_ms=700))
    assert not made.server.asked


def test_the_chain_goes_on_over_real_protocols_until_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    shard, bedrock, openai = shard_pair(), bedrock_pair(), openai_pair()
    for name, value in {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    good = wrote("The $12 monthly fee is waived once a year on request [1].", 1)
    with shard.server, bedrock.server, openai.server:
        shard.server.turns.append(ScriptedAnswer(status=503))
        bedrock.server.turns.append(ScriptedAnswer((good,), cut_after=2))
        openai.server.turns.append(ScriptedAnswer((good[:20], good[20:])))
        providers = [
            Provider("shard", shard.generator),
            Provider("bedrock", BedrockGenerator(bedrock_clients(), "some.model-v1:0")),
            Provider("openai", openai.generator),
        ]
        account = KeptAccount()
        chain = GenerationChain(providers, SystemClock(), account)
        result = GenerativeNodes(chain, SystemClock()).run(any_generation(deadline_ms=20_000))
        chain.close()
    assert (result.served_by["model"], result.served_by["endpoint"]) == ("llama", "openai")
    assert result.output["answers"][0]["text"] == "The $12 monthly fee is waived once a year on request."
    assert [each.outcome for each in account.attempts] == ["GeneratorBusy", "CutOff", "served"]


def test_a_provider_that_stalls_is_left_behind_and_the_passage_is_quoted() -> None:
    pair = openai_pair()
    with pair.server:
        pair.server.turns.append(ScriptedAnswer(WORDS, stall_after=2))
        chain = GenerationChain([Provider("openai", pair.generator)], SystemClock(), KeptAccount())
        result = GenerativeNodes(chain, SystemClock()).run(any_generation(deadline_ms=300))
        chain.close()
    assert "GeneratorLate" in result.reason and result.served_by["endpoint"] == "extractive"
