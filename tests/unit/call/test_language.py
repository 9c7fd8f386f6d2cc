"""Languages as tags, and what a part knows of them."""

from __future__ import annotations

import pytest

from sotto.call.language import EVERY_LANGUAGE, LanguageSet, overlap, primary, tag_of

TRANSCRIBE_LIKE = LanguageSet(("en-US", "en-GB", "de-DE", "es-US", "es-ES"))


@pytest.mark.parametrize(
    ("text", "tag"),
    [("de_at", "de-AT"), ("German", "de"), ("EN-us", "en-US"), ("Español", "es"), ("es-419", "es-419"), ("deu", "deu")],
)
def test_tags_are_written_as_bcp_47_has_them(text: str, tag: str) -> None:
    assert tag_of(text) == tag


@pytest.mark.parametrize("text", ["", "klingon", "premier customer", "1", "de-DE-1996-x", "yes please"])
def test_what_is_no_language_has_no_tag(text: str) -> None:
    assert tag_of(text) is None


def test_a_language_without_a_region_takes_in_all_of_them() -> None:
    assert overlap("de", "de-AT") and overlap("German", "de-CH") and overlap("de-DE", "de-de")
    assert not overlap("de-DE", "de-AT") and not overlap("de", "en")


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("de-DE", "de-DE"),
        ("de", "de-DE"),
        ("de-AT", "de-DE"),
        ("es-MX", "es-US"),
        ("German", "de-DE"),
        ("en_gb", "en-GB"),
    ],
)
def test_the_closest_that_a_part_knows_is_used(asked: str, used: str) -> None:
    assert TRANSCRIBE_LIKE.closest(asked) == used and asked in TRANSCRIBE_LIKE


def test_what_a_part_does_not_know_has_no_closest() -> None:
    assert TRANSCRIBE_LIKE.closest("fr-FR") is None and "fr-FR" not in TRANSCRIBE_LIKE and 7 not in TRANSCRIBE_LIKE
    assert "fr-FR" in EVERY_LANGUAGE and EVERY_LANGUAGE.closest("de_at") == "de-AT"
    assert str(TRANSCRIBE_LIKE) == "de, en, es" and str(EVERY_LANGUAGE) == "every language"
    assert primary("DE_de") == "de"


def test_together_they_know_what_any_of_them_does() -> None:
    joined = LanguageSet.joined([LanguageSet(("en",)), LanguageSet(("de-DE",))])
    assert "de" in joined and "en-AU" in joined and "fr" not in joined
    assert LanguageSet.joined([LanguageSet(("en",)), EVERY_LANGUAGE]) == EVERY_LANGUAGE
    assert "en" not in LanguageSet.joined([])
