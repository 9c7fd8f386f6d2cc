"""Contract: the answers of a small tenant's models have the shapes that guidance reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from model_containers.trainer.packages import build_packages
from sotto.models.package import read_archived_card
from tests.fakes.small_tenant import CARDS, FEES, write_small_tenant

Answer = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I'd like to close the account I have with you", "close_account"),
        ("I think my card got stolen", "lost_card"),
        ("could you tell me how much money is left", "balance"),
        ("do you deliver pizza", None),
        ("okay thank you", None),
    ],
)
def test_intents_are_distinguished_and_small_talk_is_none_of_them(ask: Answer, text: str, label: str | None) -> None:
    answer = ask("intent", text)
    assert answer["label"] == label
    assert set(answer["scores"]) == {"close_account", "lost_card", "balance"}
    assert 0 <= answer["confidence"] <= 1


def test_an_intent_is_found_inside_a_long_utterance(ask: Answer) -> None:
    text = (
        "Hi good morning. I hope you are well today. Listen, I can't find my debit card. I looked in the whole house."
    )
    assert ask("intent", text)["label"] == "lost_card"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("this is the worst service I have ever had", "negative"),
        ("thank you so much that was really kind", "positive"),
        ("I would like to know the opening hours", "neutral"),
    ],
)
def test_sentiment_is_shared_by_tenants(ask: Answer, text: str, label: str) -> None:
    assert ask("sentiment", text, tenant="another_tenant")["label"] == label


def test_several_behaviours_in_one_utterance_are_all_found(ask: Answer) -> None:
    text = "Thank you for calling, how can I help you? Please note that this call is recorded."
    assert {each["label"] for each in ask("behaviours", text)["behaviours"]} == {"greeting", "recording_disclosure"}


def test_a_behaviour_that_was_not_shown_is_not_found(ask: Answer) -> None:
    assert ask("behaviours", "your parcel weighs three kilos")["behaviours"] == []


def test_entities_stand_where_they_say(ask: Answer) -> None:
    text = "I paid two hundred dollars on Tuesday at Harbour Street, reference AB12345"
    entities = ask("entities", text)["entities"]
    assert [(e["type"], e["text"]) for e in entities] == [
        ("money", "two hundred dollars"),
        ("date", "on Tuesday"),
        ("branch", "Harbour Street"),
        ("reference", "reference AB12345"),
    ]
    assert all(text[e["start"] : e["end"]] == e["text"] for e in entities)


@pytest.mark.parametrize(
    ("question", "article", "source"),
    [("how much is the monthly fee", "fees", FEES), ("when does my new card arrive", "lost-card", CARDS)],
)
def test_an_answer_quotes_its_article(ask: Answer, question: str, article: str, source: str) -> None:
    best = ask("knowledge", question)["answers"][0]
    assert best["article"] == article
    assert source.split("---\n", 2)[2].strip()[best["start"] : best["end"]] == best["text"]


def intent(label: str, confidence: float) -> dict[str, Any]:
    return {"intent": {"label": label, "confidence": confidence, "scores": {label: confidence}}}


def test_an_article_is_found_by_the_intent_that_it_names_in_whatever_words_it_is_asked_for(ask: Answer) -> None:
    asked = "it must have slipped out of my pocket with everything in it, cards and all"
    assert not [each for each in ask("knowledge", asked)["answers"] if each["confidence"] >= 0.5]
    best = ask("knowledge", asked, inputs=intent("lost_card", 0.95))["answers"][0]
    assert best["article"] == "lost-card" and best["confidence"] >= 0.5


def test_an_article_whose_intent_is_not_meant_stays_below_any_floor(ask: Answer) -> None:
    asked = "when does my new card arrive"
    alone, other = (ask("knowledge", asked, inputs=one)["answers"] for one in ({}, intent("balance", 0.99)))
    assert alone[0]["article"] == "lost-card"
    assert all(each["confidence"] < 0.4 for each in other if each["article"] == "lost-card")


@pytest.mark.parametrize("inputs", [{"intent": {"scores": "x"}}, {"intent": {"scores": {"lost_card": "x"}}}, {"a": 1}])
def test_an_output_that_is_no_intents_changes_no_answer(ask: Answer, inputs: dict[str, Any]) -> None:
    asked = "when does my new card arrive"
    assert ask("knowledge", asked, inputs=inputs) == ask("knowledge", asked)


def test_a_question_outside_the_articles_has_no_answer(ask: Answer) -> None:
    assert ask("knowledge", "who won the football match yesterday")["answers"] == []


def test_utterances_of_a_call_are_compared_with_a_question_in_their_order(ask: Answer) -> None:
    said = ["Hello, this is Maria.", "It has ninety thousand miles on it.", "Okay.", "See you on Friday then. Bye."]
    found = ask("knowledge", "what is the mileage", inputs={"call": {"utterances": said}})["likeness"]
    assert len(found) == 4 and max(found) == found[1] > 0.4 > max(found[0], *found[2:])


def test_functions_of_an_earlier_release_are_understood_and_answered(ask: Answer) -> None:
    """The models are deployed before them."""
    found = ask("behaviours", "Thank you for calling, how can I help you?")
    assert found["said"] == found["behaviours"] != []
    texts = ["It has ninety thousand miles on it.", "Okay."]
    now, before = (
        ask("knowledge", "what is the mileage", inputs={"call": {name: texts}}) for name in ("utterances", "said")
    )
    assert now == before and len(now["likeness"]) == 2


@pytest.mark.parametrize("said", ["words", [7], [" "], ["too many"] * 201, ["x" * 20_001]])
def test_what_cannot_be_compared_is_refused_with_a_reason(shard: httpx.Client, said: Any) -> None:
    asked = {"tenant": "small_bank", "text": "what is the mileage", "inputs": {"call": {"utterances": said}}}
    answer = shard.post("/models/knowledge/invoke", json=asked)
    assert answer.status_code == 400
    assert "inputs.call.utterances" in answer.json()["error"]


def test_k_limits_the_answers(ask: Answer) -> None:
    assert len(ask("knowledge", "is there a fee for a new card", k=1)["answers"]) == 1


def test_parallel_requests_give_what_single_ones_give(ask: Answer) -> None:
    texts = [f"I lost card number {n} and want my balance" for n in range(40)]
    alone = [ask("intent", text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: ask("intent", text), [f"{text} " for text in texts]))
    assert [a["label"] for a in together] == [a["label"] for a in alone]


def test_an_unchanged_tenant_is_not_trained_again(packages: Mapping[str, Path], tmp_path: Path) -> None:
    root = packages["intent"].parents[2]
    shown: list[str] = []
    again = build_packages(write_small_tenant(tmp_path), root, lambda what, _: shown.append(what), at_once=True)
    assert {p.parent.name: p for p in again} == dict(packages)
    assert all("up to date" in what for what in shown)


def test_a_changed_phrase_gives_a_new_version_of_what_depends_on_it(
    packages: Mapping[str, Path], tmp_path: Path
) -> None:
    tenant = write_small_tenant(tmp_path)
    (tenant / "knowledge/fees.md").write_text(FEES.replace("twelve", "fifteen"))
    again = {p.parent.name: p.name for p in build_packages(tenant, tmp_path / "out", at_once=True)}
    assert again["knowledge"] != packages["knowledge"].name
    assert {m for m in again if again[m] == packages[m].name} == {"intent", "sentiment", "behaviours", "entities"}


def test_training_is_repeatable_to_the_byte(packages: Mapping[str, Path], tmp_path: Path) -> None:
    again = {p.parent.name: p for p in build_packages(write_small_tenant(tmp_path), tmp_path / "out", at_once=True)}
    assert {m: p.read_bytes() for m, p in again.items()} == {m: p.read_bytes() for m, p in packages.items()}


def test_the_card_tells_how_good_the_model_is(packages: Mapping[str, Path]) -> None:
    metrics = read_archived_card(packages["intent"]).metrics
    assert metrics["in_scope_accuracy"] >= 0.9
    assert metrics["out_of_scope_recall"] >= 0.9


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("the technician was not helpful at all", "negative"),
        ("the mechanic did a fantastic job on my brakes", "positive"),
        ("the second form has a blue header and two signatures", "neutral"),
    ],
)
def test_sentiment_of_sentences_that_nobody_learned_from(ask: Answer, text: str, label: str) -> None:
    assert ask("sentiment", text)["label"] == label


def test_a_calls_utterances_are_added_up_and_come_back_without_words(ask: Answer) -> None:
    texts = ["I think my card got stolen", "okay thank you", "could you tell me how much money is left"]
    found = ask("intent", texts[0], inputs={"sketch": {"texts": texts}})
    assert set(found) == {"sketch", "unlabelled"} and found["unlabelled"] == [1]
    assert found["sketch"]["labels"] == {"balance": 1, "lost_card": 1}
    assert (found["sketch"]["utterances"], found["sketch"]["none"], sum(found["sketch"]["sure"])) == (3, 1, 3)
    again = ask("intent", texts[0], inputs={"sketch": {"texts": texts}})
    assert again == found


def test_a_sketch_of_a_model_without_labels_or_of_no_texts_is_refused(shard: httpx.Client) -> None:
    for model, texts in (("entities", ["one"]), ("intent", []), ("intent", ["one"] * 65)):
        request = {"tenant": "small_bank", "text": "one", "inputs": {"sketch": {"texts": texts}}}
        assert shard.post(f"/models/{model}/invoke", json=request).status_code == 400
