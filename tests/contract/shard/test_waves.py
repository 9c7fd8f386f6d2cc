"""Contract: several models on one utterance in one request, over real HTTP, on all faces of the real process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from model_containers.shard.base_encoder.minilm import BASE_MODEL, packaged_model, revision_of
from model_containers.shard.heads.weights import WEIGHTS, packed
from tests.contract.shard.conftest import Answer, shard_process
from tests.fakes.small_adapters import write_adapter_package
from tests.fakes.small_models import BERT_TARGETS, adapter_files_of, write_adapter

# PEFT 0.21 still asks transformers 5 for a property by its old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")

CLASSIFIERS = ("intent", "sentiment", "behaviours", "entities", "knowledge")
TEXT = "good morning I want to close my account and it costs 40 dollars"
Send = Callable[..., httpx.Response]


def wave(text: str, *entries: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    request = {"tenant": "small_bank", "text": text, "speaker": "customer", "inputs": {}}
    return {**request, "wave": [dict(entry) for entry in entries], **more}


def answers(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["wave"]
    return found


def passes(shard: httpx.Client) -> int:
    return int(shard.get("/residency").json()["batcher"]["passes"])


def test_a_wave_is_answered_as_its_models_are_alone(shard: httpx.Client, names: Mapping[str, str], ask: Answer) -> None:
    entries = [{"model": names[model]} for model in CLASSIFIERS]
    found = answers(shard.post("/models/intent/invoke", json=wave(TEXT, *entries)))
    assert found == [{"output": ask(model, TEXT)} for model in CLASSIFIERS]


def test_a_new_text_costs_one_pass_for_all_of_a_wave(shard: httpx.Client, names: Mapping[str, str]) -> None:
    before, entries = passes(shard), [{"model": names[model]} for model in CLASSIFIERS]
    answers(shard.post("/models/intent/invoke", json=wave(f"{TEXT}, said {time.monotonic_ns()}", *entries)))
    assert passes(shard) == before + 1


def test_a_tuned_reading_is_a_second_row_of_the_same_pass(
    shard: httpx.Client, names: Mapping[str, str], tmp_path: Path
) -> None:
    written = write_adapter(packaged_model(), tmp_path / "a", seed=3, targets=BERT_TARGETS[:3], strength=0.1)
    random = np.random.default_rng(3)
    head = packed(weight=random.normal(size=(2, 384)), tuned=random.normal(size=(2, 384)), bias=np.zeros(2))
    described = {"task": "intent", "tenant": "small_bank", "labels": ("a", "b")}
    base = (BASE_MODEL, revision_of(packaged_model()))
    files = {**adapter_files_of(written), WEIGHTS: head}
    archive = write_adapter_package(tmp_path, "tuned", files, base=base, **described)
    shard.post("/models", json={"model_name": "tuned", "url": str(archive)}).raise_for_status()
    try:
        before = passes(shard)
        entries = [{"model": "small_bank/tuned/1.tar.gz"}, *({"model": names[model]} for model in CLASSIFIERS)]
        text = f"{TEXT}, read twice at {time.monotonic_ns()}"
        found = answers(shard.post("/models/tuned/invoke", json=wave(text, *entries)))
        assert passes(shard) == before + 1, "base and adapter in one batch"
        alone = [
            shard.post(f"/models/{name}/invoke", json=wave(text) | {"wave": [entry]})
            for name, entry in (("tuned", entries[0]), *zip(CLASSIFIERS, entries[1:], strict=True))
        ]
        assert found == [answer for each in alone for answer in answers(each)]
    finally:
        shard.delete("/models/tuned").raise_for_status()


def test_a_package_that_was_loaded_twice_is_found_until_both_are_gone(
    shard: httpx.Client, packages: Mapping[str, Path], names: Mapping[str, str]
) -> None:
    shard.post("/models", json={"model_name": "twin", "url": str(packages["behaviours"])}).raise_for_status()
    shard.delete("/models/twin").raise_for_status()
    entries = [{"model": names["intent"]}, {"model": names["behaviours"]}]
    assert all("output" in each for each in answers(shard.post("/models/intent/invoke", json=wave(TEXT, *entries))))


def test_an_entry_says_what_it_wants_otherwise(shard: httpx.Client, names: Mapping[str, str], ask: Answer) -> None:
    inputs, other = {"intent": ask("intent", TEXT)}, "what does the account cost"
    entries = [{"model": names["intent"]}, {"model": names["knowledge"], "inputs": inputs, "text": other, "k": 1}]
    found = answers(shard.post("/models/intent/invoke", json=wave(TEXT, *entries)))
    assert found[1] == {"output": ask("knowledge", other, inputs=inputs, k=1)}


def test_a_head_that_fails_or_is_missing_costs_only_itself(
    shard: httpx.Client, names: Mapping[str, str], ask: Answer
) -> None:
    entries = (
        {"model": names["intent"], "k": 0},
        {"model": "small_bank/intent/never-trained.tar.gz"},
        {"model": names["behaviours"], "tenant": "other_bank"},
        {"model": names["entities"]},
    )
    refused, missing, foreign, answered = answers(shard.post("/models/intent/invoke", json=wave(TEXT, *entries)))
    assert refused["status"] == 400 and '"k"' in refused["error"]
    assert missing["status"] == 404 and "not loaded" in missing["error"]
    assert foreign["status"] == 400 and "owner" in foreign["error"]
    assert answered == {"output": ask("entities", TEXT)}


def test_the_model_that_a_wave_is_addressed_to_must_be_there(shard: httpx.Client, names: Mapping[str, str]) -> None:
    assert shard.post("/models/unknown/invoke", json=wave(TEXT, {"model": names["intent"]})).status_code == 404


@pytest.mark.parametrize(
    "entries",
    [[], "intent", [{}], [{"model": 3}], [{"model": "../../etc/passwd"}], ["intent"], [{"model": "a/b/c"}] * 65],
)
@pytest.mark.parametrize("path", ["/models/intent/invoke", "/invocations"])
def test_a_malformed_wave_is_refused_with_how_to_write_it(shard: httpx.Client, entries: Any, path: str) -> None:
    response = shard.post(path, json=wave(TEXT) | {"wave": entries})
    assert response.status_code == 400 and '"wave" must' in response.json()["error"].replace("each of ", "")


def test_a_single_endpoint_takes_waves_and_fetches_beside_them(
    fetching: httpx.Client, names: Mapping[str, str], ask: Answer
) -> None:
    attributes = {"X-Amzn-SageMaker-Custom-Attributes": f"adapter={names['intent']},deadline_ms=5000"}
    entries = [{"model": names[model]} for model in CLASSIFIERS]
    first = answers(fetching.post("/invocations", json=wave(TEXT, *entries), headers=attributes))
    assert {each["status"] for each in first} == {503}, "nobody waits for a package that is being fetched"
    assert answered_in_the_end(fetching, wave(TEXT, *entries), attributes) == [
        {"output": ask(model, TEXT)} for model in CLASSIFIERS
    ]


def answered_in_the_end(client: httpx.Client, body: Any, headers: Any = None) -> list[dict[str, Any]]:
    while True:
        found = answers(client.post("/invocations", json=body, headers=headers))
        if all(each.get("status") != 503 for each in found):
            return found


def test_components_are_found_by_their_package_whatever_name_they_were_registered_under(
    packages: Mapping[str, Path], names: Mapping[str, str], ask: Answer
) -> None:
    with shard_process() as running:
        running.wait_until_ready()
        for model in ("intent", "behaviours"):
            body = {"name": f"component-{model}", "src": str(packages[model])}
            running.client.post("/adapters", json=body).raise_for_status()
        entries = [{"model": names[model]} for model in ("intent", "behaviours", "entities")]
        identifier = {"X-Amzn-SageMaker-Adapter-Identifier": "component-intent"}
        found = answers(running.client.post("/invocations", json=wave(TEXT, *entries), headers=identifier))
        assert found[:2] == [{"output": ask(model, TEXT)} for model in ("intent", "behaviours")]
        assert found[2]["status"] == 404, "SageMaker has registered no such component here"
        by_the_base = answers(running.client.post("/invocations", json=wave(TEXT, *entries)))
        assert by_the_base == found


def test_a_package_that_sagemaker_loads_is_there_once(
    fetching: httpx.Client, packages: Mapping[str, Path], names: Mapping[str, str]
) -> None:
    def resident() -> list[tuple[str, bool]]:
        models = fetching.get("/residency").json()["models"]
        return [(each["name"], each["on_demand"]) for each in models if each["target_model"] == names["sentiment"]]

    answered_in_the_end(fetching, wave(TEXT, {"model": names["sentiment"]}))
    assert resident() == [(names["sentiment"], True)]
    fetching.post("/models", json={"model_name": "opaque", "url": str(packages["sentiment"])}).raise_for_status()
    assert resident() == [("opaque", False)]
    (found,) = answers(fetching.post("/invocations", json=wave(TEXT, {"model": names["sentiment"]})))
    assert "output" in found
    fetching.delete("/models/opaque").raise_for_status()
    assert resident() == []
