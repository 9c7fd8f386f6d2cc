"""Unit: in German and Spanish too, whatever way a number is read out, cut up and guessed at, it is never shown."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.private_templates import numbers
from benchmarks.private_templates.speech.codes import speak_code
from benchmarks.private_templates.speech.german import GERMAN as GERMAN_TONGUE
from benchmarks.private_templates.speech.spanish import SPANISH as SPANISH_TONGUE
from benchmarks.private_templates.speech.tongue import Spoken, Tongue
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.detectors.spoken.numbers.digit_runs import runs_of
from sotto.redaction.detectors.spoken.pack import SpokenPack
from sotto.redaction.detectors.tokens import tokens_of
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.languages import pack_of
from sotto.redaction.redactor import Redacted
from sotto.tenants.redaction_rules import RedactionRules

TONGUES = {"de": GERMAN_TONGUE, "es": SPANISH_TONGUE}
WAYS = (
    "compact",
    "grouped",
    "singles",
    "doubles",
    "pairs",
    "mixed",
    "commas",
    "threes",
    "spaced",
    "fillers",
    "halting",
)
OPENINGS = {
    "de": ("", "ja also ", "meine kartennummer ist ", "die nummer lautet ", "moment ich lese vor "),
    "es": ("", "sí es ", "el número de mi tarjeta es ", "a ver le digo ", "tome nota "),
}
ENDINGS = {"de": ("", " bitte", " das wars"), "es": ("", " gracias", " eso es todo")}
ASIDES = {"de": ("ja", "okay", "und weiter", "gut danke"), "es": ("sí", "ajá", "y qué más", "vale gracias")}
ASKED = {
    "de": {
        "iban": "wie lautet ihre iban bitte",
        "tax": "ihre steuer-id bitte",
        "pension": "und die rentenversicherungsnummer",
        "identity": "die nummer von ihrem personalausweis bitte",
    },
    "es": {"iban": "dígame su iban", "dni": "me dice su dni", "nie": "y su nie por favor"},
}
MADE = {
    "de": {
        "iban": lambda rng: numbers.iban(rng, "DE"),
        "tax": numbers.tax_id_de,
        "pension": numbers.pension_de,
        "identity": numbers.identity_card_de,
    },
    "es": {"iban": lambda rng: numbers.iban(rng, "ES"), "dni": numbers.dni, "nie": numbers.nie},
}
languages = st.sampled_from(sorted(TONGUES))
seeds = st.integers(0, 100_000)


def groups_of(digits: str) -> list[str]:
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def written(spoken: Spoken) -> str:
    return "".join(("" if token.glued or not i else " ") + token.text for i, token in enumerate(spoken))


def event(text: str, at_ms: float, *, speaker: str = "customer", final: bool = True) -> TranscriptResult:
    words = tuple(Word(w, at_ms + 100 * i, at_ms + 100 * i + 90) for i, w in enumerate(text.split()))
    return TranscriptResult(Speaker(speaker), "r", at_ms, at_ms + 3000, text, words, final)


def redactor(language: str, rules: RedactionRules | None = None) -> ConversationRedactor:
    return ConversationRedactor(rules or RedactionRules(), pack=pack_of(language))


def shown_digits(redacted: Redacted, language: str) -> str:
    """Every digit that a reader of text or words could make out."""
    pack = pack_of(language)
    assert isinstance(pack, SpokenPack)
    read = [redacted.result.text, " ".join(word.text for word in redacted.result.words)]
    runs = [run for text in read for run in runs_of(tokens_of(pack.language.plain(text)), pack.language.numbers)]
    return "".join(run.digits for run in runs if run.certain_digits)


def a_card(language: str, way: str, rng: Random) -> list[str]:
    """The parts of a card number as they are read out."""
    card, _ = numbers.card(rng)
    tongue: Tongue = TONGUES[language]
    digits = "".join(c for c in card if c.isdigit())
    return [written(speak_code((group,), way, rng, tongue)) for group in groups_of(digits)]


@pytest.mark.parametrize(
    ("language", "said"), [("de", "zwo einundvierzig doppel-drei"), ("es", "dos cuarenta y uno doble tres")]
)
def test_the_check_sees_what_a_reader_would(language: str, said: str) -> None:
    assert set(shown_digits(Redacted(event(said, 0)), language)) == set("24133")


@settings(max_examples=120, deadline=None)
@given(languages, st.sampled_from(WAYS), seeds)
def test_a_card_in_one_utterance_is_never_shown(language: str, way: str, seed: int) -> None:
    rng = Random(seed)
    text = rng.choice(OPENINGS[language]) + " ".join(a_card(language, way, rng)) + rng.choice(ENDINGS[language])
    assert shown_digits(redactor(language).redact(event(text, 0)), language) == "", text


@settings(max_examples=120, deadline=None)
@given(languages, st.sampled_from(WAYS), seeds)
def test_a_card_cut_up_over_utterances_and_speakers_is_never_shown(language: str, way: str, seed: int) -> None:
    rng = Random(seed)
    ours, at_ms = redactor(language), 0.0
    ours.redact(
        event({"de": "ihre kartennummer bitte", "es": "dígame el número de la tarjeta"}[language], 0, speaker="agent")
    )
    for piece in a_card(language, way, rng):
        at_ms += 6000
        assert shown_digits(ours.redact(event(piece, at_ms)), language) == "", piece
        ours.redact(event(rng.choice(ASIDES[language]), at_ms + 3000, speaker="agent"))


@settings(max_examples=60, deadline=None)
@given(languages, st.sampled_from(WAYS), seeds)
def test_no_interim_on_the_way_to_a_card_shows_a_digit(language: str, way: str, seed: int) -> None:
    rng = Random(seed)
    words = (rng.choice(OPENINGS[language]) + " ".join(a_card(language, way, rng))).split()
    ours = redactor(language)
    for so_far in range(1, len(words) + 1):
        interim = ours.redact(event(" ".join(words[:so_far]), 0, final=False))
        assert shown_digits(interim, language) == "", words[:so_far]


@settings(max_examples=120, deadline=None)
@given(languages, st.sampled_from(WAYS), seeds, st.data())
def test_an_asked_for_iban_or_number_of_a_person_is_never_shown(
    language: str, way: str, seed: int, data: st.DataObject
) -> None:
    rng = Random(seed)
    kind = data.draw(st.sampled_from(sorted(MADE[language])))
    value = "".join(c for c in MADE[language][kind](rng) if c.isalnum())
    spoken = written(speak_code(tuple(groups_of(value)), way, rng, TONGUES[language]))
    ours = redactor(language)
    ours.redact(event(ASKED[language][kind], 0, speaker="agent"))
    assert shown_digits(ours.redact(event(spoken, 4000)), language) == "", spoken


@pytest.mark.parametrize("language", sorted(TONGUES))
@given(st.text(max_size=200), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_pack_fail(language: str, text: str, final: bool) -> None:
    redacted = redactor(language, RedactionRules.everything()).unguarded(event(text, 0, final=final))
    for span in redacted.spans:
        assert redacted.result.text[span.start_char : span.end_char].startswith("[")


@pytest.mark.parametrize("language", sorted(TONGUES))
def test_long_repetitive_text_takes_no_longer_than_its_length_explains(language: str) -> None:
    pieces = (
        "a ",
        "und ",
        "de ",
        "y ",
        "punkt ",
        "punto a ",
        "ein und ",
        "treinta y ",
        "calle a ",
        "am a ",
        "doppel ",
        "1-",
    )
    for piece in pieces:
        redactor(language, RedactionRules.everything()).unguarded(event(piece * 300, 0, final=False))
