"""Unit: what is emitted of a call for watching drift, by the shard, by its way here, and by the use case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.encoder.sketch import BYTE, COSINES, added_up, cosines, sketch, wrong_with
from model_containers.shard.protocol.errors import InvalidRequest
from sotto.call.contact import Contact, Speaker
from sotto.call.events import TranscriptCompleted
from sotto.call.sketch import CallSketch, bytes_in
from sotto.call.utterance import Utterance
from sotto.graph.node import NodeCall, NodeResult, NodeStatus
from sotto.inference.call_sketches import AT_ONCE, RoutedSketches
from sotto.inference.shard import ModelUnavailable
from sotto.learning.sketch import SketchPorts, sketch_call
from tests.contract.ports.learning_contract import any_sketch
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.sketches import SketchesInMemory

CONTACT = Contact("bank", "c1", "i", "s", 0, agent="emma")
COMPLETED = TranscriptCompleted.of("bank", "c1", last_seq=9, at_ms=1)
SECRET = "my sister is ill"


def utterance(seq: int, text: str = SECRET, speaker: Speaker = Speaker.CUSTOMER) -> Utterance:
    return Utterance("bank", "c1", f"u{seq}", seq, speaker, 0, 1, text)


def test_a_sketch_adds_up_and_holds_no_text() -> None:
    source = np.random.default_rng(1)
    whole = source.standard_normal((5, 384)).astype(np.float32)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    shares = source.dirichlet(np.ones(4), 5).astype(np.float32)
    answers: list[dict[str, Any]] = [{"label": label} for label in ("a", "b", None, "a", "a")]
    found = added_up(answers, shares, whole)
    assert (found["utterances"], found["none"], found["labels"]) == (5, 1, {"a": 3, "b": 1})
    assert sum(found["sure"]) == 5
    assert found["right"] == pytest.approx(float(shares.max(axis=1).sum()), abs=1e-3)
    assert found["doubt"] == pytest.approx(float(-(shares * np.log(shares)).sum()), abs=1e-3)
    means = np.frombuffer(bytes_in(found["meaning"]).tobytes(), dtype=np.int8) / BYTE
    assert np.abs(means - cosines(whole).mean(axis=0)).max() <= 0.5 / BYTE + 1e-6
    assert len(means) == COSINES and len(json.dumps(found)) < 1_024


def test_parts_of_a_call_make_the_sketch_of_the_whole() -> None:
    source = np.random.default_rng(2)
    whole = source.standard_normal((8, 384)).astype(np.float32)
    shares = source.dirichlet(np.ones(3), 8).astype(np.float32)
    answers: list[dict[str, Any]] = [{"label": label} for label in "aabbcabc"]

    def of(part: slice) -> CallSketch:
        found = added_up(answers[part], shares[part], whole[part])
        return CallSketch("bank", "c1", "v1", **found | {"sure": tuple(found["sure"])})

    both, at_once = of(slice(0, 3)).plus(of(slice(3, 8))), of(slice(0, 8))
    assert replace(both, meaning="", doubt=0, right=0) == replace(at_once, meaning="", doubt=0, right=0)
    assert (both.doubt, both.right) == pytest.approx((at_once.doubt, at_once.right), abs=1e-3)
    pairs = zip(bytes_in(both.meaning), bytes_in(at_once.meaning), strict=True)
    assert max(abs(one - two) for one, two in pairs) <= 2


async def test_a_model_that_chooses_no_label_has_no_sketch() -> None:
    async def never(text: str) -> TextEmbedding:
        raise AssertionError

    with pytest.raises(InvalidRequest):
        await sketch(["one"], object(), never, never)


@pytest.mark.parametrize("texts", [None, [], ["a"] * 65, ["  "], [1], ["x" * 30]])
def test_a_bad_request_is_refused_without_its_words(texts: Any) -> None:
    wrong = wrong_with(texts, 20)
    assert wrong is not None and "sketch.texts" in wrong and "xxx" not in wrong


class Router:
    """Answers with one utterance's sketch for each text, or as it is told to."""

    def __init__(self, **changed: Any) -> None:
        self.changed, self.asked = changed, list[int]()

    def route(self, call: NodeCall) -> NodeResult:
        texts = call.inputs["sketch"]["texts"]
        self.asked.append(len(texts))
        made = {
            "utterances": len(texts), "labels": {"a": len(texts)}, "none": 0, "sure": [len(texts)], "doubt": 0.5,
            "right": 0.5, "meaning": "AQ==",
        }  # fmt: skip
        answered = NodeResult(
            "sketch", "intent", NodeStatus.OK, {"sketch": made, "unlabelled": [0, 99]}, {"version": "v1"}
        )
        return replace(answered, **self.changed)


def _routed(router: Router) -> RoutedSketches:
    return RoutedSketches(router, deadline_ms=100)  # type: ignore[arg-type]


def test_a_long_call_is_asked_in_parts() -> None:
    router = Router()
    made = _routed(router).sketch([utterance(seq) for seq in range(1, AT_ONCE + 3)])
    assert made is not None and router.asked == [AT_ONCE, 2]
    assert (made.utterances, made.labels, made.through_seq, made.version) == (AT_ONCE + 2, {"a": 34}, AT_ONCE + 2, "v1")


def test_a_tenant_without_a_model_has_no_sketch_and_a_silent_one_is_asked_again() -> None:
    assert _routed(Router(status=NodeStatus.FAILED, output={})).sketch([utterance(1)]) is None
    for output in ({}, {"sketch": {"utterances": 2}}, {"sketch": "?"}):
        with pytest.raises(ModelUnavailable):
            _routed(Router(status=NodeStatus.DEGRADED, output=output)).sketch([utterance(1)])


def test_which_texts_have_no_label_is_known_by_their_utterances() -> None:
    spoken = [utterance(seq) for seq in range(1, AT_ONCE + 3)]
    assert _routed(Router()).unknown(spoken) == {"u1", f"u{AT_ONCE + 1}"}
    assert _routed(Router(status=NodeStatus.FAILED, output={})).unknown(spoken) == frozenset()
    with pytest.raises(ModelUnavailable):
        _routed(Router(status=NodeStatus.DEGRADED, output={})).unknown(spoken)


class Sketcher:
    def __init__(self) -> None:
        self.seen = list[Sequence[Utterance]]()

    def sketch(self, utterances: Sequence[Utterance]) -> CallSketch | None:
        self.seen.append(utterances)
        return any_sketch(utterances=len(utterances), through_seq=utterances[-1].seq)


def test_what_the_customer_said_is_sketched_once() -> None:
    calls = ConversationsInMemory(
        all_contacts=[CONTACT],
        all_utterances=[utterance(1), utterance(2, speaker=Speaker.AGENT), utterance(3), utterance(4, " ")],
    )
    sketcher, sketches = Sketcher(), SketchesInMemory()
    ports = SketchPorts(calls, calls, sketcher, sketches)
    made = sketch_call(COMPLETED, ports)
    assert made is not None and (made.utterances, made.through_seq) == (2, 3)
    assert sketch_call(COMPLETED, ports) == made == sketches.sketch("bank", "c1")
    assert [[each.seq for each in seen] for seen in sketcher.seen] == [[1, 3]]


def test_an_erased_or_silent_contact_has_no_sketch() -> None:
    for calls in (
        ConversationsInMemory(all_contacts=[]),
        ConversationsInMemory(all_contacts=[CONTACT], all_utterances=[utterance(1, speaker=Speaker.AGENT)]),
        ConversationsInMemory(all_contacts=[replace(CONTACT, erased=True)], all_utterances=[utterance(1)]),
    ):
        assert sketch_call(COMPLETED, SketchPorts(calls, calls, Sketcher(), SketchesInMemory())) is None
