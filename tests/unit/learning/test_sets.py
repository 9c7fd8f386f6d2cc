"""Unit: what gets into a set, and what never does."""

from __future__ import annotations

import random
from dataclasses import replace

from sotto.learning.checks import INSTRUCTION
from sotto.learning.example import Example, ExampleState, Source, is_for_regression, normal
from sotto.learning.sets.manifest import ExampleSet, build_set
from tests.contract.ports.learning_contract import NOW_MS, accepted, any_example

LABELS = ("card_lost", "card_arrival", "none_of_these")
WORDS = "card lost stolen arrive when new pin fee charge account open close help me please today".split()
RUNS = 10_000


def built(*examples: Example, consents: frozenset[str] | None = None) -> ExampleSet:
    return build_set(
        "bank",
        examples,
        may_learn=lambda each: consents is None or each.contact_id in consents,
        labels=LABELS,
        number=1,
        now_ms=NOW_MS,
    )


def test_in_ten_thousand_worlds_no_foreign_and_no_unconsented_example_is_in_any_set() -> None:
    """Nor one that nobody accepted, none on both sides, and none that says two things."""
    source = random.Random(19)
    kept = 0
    for run in range(RUNS):
        world = [
            Example(
                source.choice(("bank", "garage")),
                f"c{source.randrange(4)}",
                f"u{place}",
                " ".join(source.choices(WORDS, k=source.randrange(1, 6))),
                source.choice(list(Source)),
                NOW_MS + source.randrange(3),
                source.choice(("", "always", "attribute:may_learn")),
                state=source.choice(list(ExampleState)),
                label=source.choice((*LABELS, "unknown", "")),
                warnings=source.choice(((), (INSTRUCTION,))),
            )
            for place in range(source.randrange(1, 12))
        ]
        consents = frozenset(f"c{each}" for each in range(4) if source.random() < 0.6)
        made = built(*world, consents=consents)
        learned, judged = ({normal(each.text) for each in side} for side in (made.learned, made.regression))
        assert not learned & judged, run
        for each in made.members:
            assert each.tenant == "bank" and each.contact_id in consents and each.consent, run
            assert each.state is ExampleState.ACCEPTED and each.label in LABELS and not each.warnings, run
            same = {
                other.label
                for other in world
                if normal(other.text) == normal(each.text) and other.tenant == "bank" and other.consent
                and other.contact_id in consents and other.state is ExampleState.ACCEPTED and not other.warnings
                and other.label in LABELS
            }  # fmt: skip
            assert same == {each.label}, run
        assert all(is_for_regression("bank", each.text) for each in made.regression), run
        assert len(made.members) + sum(made.manifest.left_out.values()) >= len(made.members)
        kept += len(made.members)
    assert kept > RUNS / 10, "the worlds have something to keep"


def test_the_same_examples_in_any_order_make_the_same_set() -> None:
    examples = [accepted(utterance_id=f"u{place}", text=f"my card {word} today") for place, word in enumerate(WORDS)]
    one, other = built(*examples), built(*reversed(examples))
    assert one.manifest.digest == other.manifest.digest
    assert built(*examples[:-1]).manifest.digest != one.manifest.digest
    assert replace(one.manifest, number=2, made_at_ms=5).digest == one.manifest.digest


def test_a_manifest_holds_no_words_and_no_contact() -> None:
    made = built(accepted(text="my card is gone today", contact_id="contact-17"))
    written = repr(made.manifest)
    assert "gone" not in written and "contact-17" not in written


def test_what_is_left_out_is_counted_with_its_reason() -> None:
    made = built(
        accepted(text="my card is gone", utterance_id="a"),
        accepted(text="My card, is gone!", utterance_id="b", at_ms=NOW_MS + 1),
        accepted(text="where is my card", utterance_id="c"),
        accepted("card_arrival", text="Where is my card?", utterance_id="d"),
        any_example(utterance_id="e"),
        accepted(consent="", utterance_id="f"),
        accepted("no_such", utterance_id="g"),
    )
    assert made.manifest.left_out == {
        "a label that no model knows": 1,
        "contradiction": 2,
        "no consent to learn": 1,
        "not accepted": 1,
        "repeated": 1,
    }


def test_one_text_in_five_is_for_regression_whoever_utters_it() -> None:
    texts = [f"{first} {second} number {place}" for place, (first, second) in enumerate(zip(WORDS, WORDS, strict=True))]
    texts += [f"sentence number {place} of many" for place in range(2_000)]
    share = sum(is_for_regression("bank", text) for text in texts) / len(texts)
    assert 0.17 < share < 0.23
    assert is_for_regression("bank", texts[7]) == is_for_regression("bank", texts[7].upper() + "!")


def test_what_is_nearly_the_same_as_something_that_is_judged_by_is_not_learned() -> None:
    judged = next(
        text
        for place in range(100)
        if is_for_regression("bank", text := f"one two three four five six seven eight nine {place}")
    )
    near = next(
        text
        for word in ("please", "now", "then", "again", "today", "really", "so")
        if not is_for_regression("bank", text := f"{judged} {word}")
    )
    made = built(accepted(text=judged, utterance_id="a"), accepted(text=near, utterance_id="b"))
    assert [each.text for each in made.members] == [judged]
    assert made.manifest.left_out == {"like one that is judged by": 1}


def test_a_set_of_nothing_is_a_set() -> None:
    assert built().manifest.learned == ()
