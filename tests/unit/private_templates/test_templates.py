"""The templates are enough, and filled so that what is private is known to the letter."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from pathlib import Path

import faker.providers.person
import pytest

from benchmarks.private_templates import cases
from benchmarks.private_templates.templates import LANGUAGES, TemplateWrong, part_of, read_templates
from benchmarks.private_templates.unlisted_names import FIRST, LAST
from sotto.tenants.redaction_rules import PrivateKind


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_part_has_enough_of_both_sorts_and_nothing_sealed(language: str) -> None:
    templates = read_templates(language)
    counts = Counter((one.part, one.innocent) for one in templates)
    assert all(counts[part, innocent] >= 25 for part in ("tune", "report") for innocent in (True, False)), counts
    assert all(one.part != "sealed" for one in templates)
    for part in ("tune", "report"):
        topics = Counter(one.topic for one in templates if one.part == part and not one.innocent)
        assert topics["name"] >= 5 and topics["address"] >= 5 and topics["card"] >= 2, topics


def test_a_third_of_ids_is_sealed_and_the_rest_is_halved() -> None:
    parts = Counter(part_of(f"xx-topic-{number}") for number in range(6000))
    assert all(abs(count - 2000) < 150 for count in parts.values()) and len(parts) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_stand_where_the_values_are(language: str) -> None:
    for case in cases(language, None, seed=3, per_template=2):
        spans = [(turn, span) for turn in case.turns for span in turn.spans]
        assert bool(spans) != case.innocent, case
        for turn, span in spans:
            assert span.value
            assert all(span.start <= start < end <= span.end for start, end in span.value)
            assert turn.text[span.start : span.end].strip() == turn.text[span.start : span.end]
        for turn in case.turns:
            assert turn.text == " ".join(turn.text.split()) and "{" not in turn.text, turn
            ordered = sorted(turn.spans, key=lambda span: span.start)
            assert all(one.end <= other.start for one, other in zip(ordered, ordered[1:], strict=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_gives_the_same_talk_and_another_seed_another(language: str) -> None:
    first, again, other = (list(cases(language, "tune", seed, 2)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_has_the_kinds_that_people_say_most(language: str) -> None:
    wanted = {
        PrivateKind.CARD_NUMBER, PrivateKind.ACCOUNT_NUMBER, PrivateKind.PHONE, PrivateKind.EMAIL, PrivateKind.NAME,
        PrivateKind.ADDRESS, PrivateKind.POSTCODE, PrivateKind.DATE_OF_BIRTH, PrivateKind.SOCIAL_SECURITY,
    }  # fmt: skip
    for part in ("tune", "report"):
        kinds = {kind for case in cases(language, part, 1, 1) for kind in case.kinds}  # type: ignore[arg-type]
        assert not wanted - kinds - ({PrivateKind.SOCIAL_SECURITY} if language == "es" else set())


def test_parts_of_one_value_are_one_mention_and_what_is_repeated_another(tmp_path: Path) -> None:
    turns = "['c: {card|compact#1/2}', 'a: mm-hm', 'c: {card|compact#2/2}', 'a: that is {card|compact}']"
    (tmp_path / "en.yaml").write_text(f"private:\n  - id: en-card-1\n    turns: {turns}\ninnocent: []\n")
    (case,) = cases("en", None, 1, 1, tmp_path)
    first, _, second, repeated = case.turns
    assert first.spans[0].mention == second.spans[0].mention != repeated.spans[0].mention
    assert repeated.text == f"that is {first.text}{second.text}"


@pytest.mark.parametrize("line", ["x: hello", "c: my {card number} is", "c: "])
def test_a_template_that_cannot_be_read_names_itself(tmp_path: Path, line: str) -> None:
    document = f"private:\n  - id: en-card-99\n    turns:\n      - '{line}'\ninnocent: []\n"
    (tmp_path / "en.yaml").write_text(document)
    with pytest.raises(TemplateWrong, match="en-card-99"):
        read_templates("en", tmp_path)


def test_a_slot_that_nobody_fills_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text("private:\n  - id: en-a-1\n    turns: ['c: my {shoe}']\ninnocent: []\n")
    with pytest.raises(TemplateWrong, match="shoe"):
        list(cases("en", None, 1, 1, tmp_path))


def test_unlisted_names_stand_in_no_list_of_faker() -> None:
    listed: set[str] = set()
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for name in dir(provider):
            if "name" in name and not callable(getattr(provider, name)):
                listed |= set(_texts(getattr(provider, name)))
    assert "smith" in listed
    assert not {name for names in (*FIRST.values(), *LAST.values()) for name in names if name.lower() in listed}


def _texts(names: object) -> list[str]:
    if isinstance(names, str):
        return [names.lower()]
    return [text for one in names for text in _texts(one)] if hasattr(names, "__iter__") else []  # type: ignore[attr-defined]
