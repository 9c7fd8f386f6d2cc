"""Hostile: a call in a language without redaction rules shows no number, no e-mail and nothing that was spelled."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile_texts import SIGNS, WORDS, result_of
from local.simulation.call import SimulatedCall
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Contact
from sotto.call.language import LanguageSet
from sotto.realtime.channel import ChannelUnavailable, HealthState, PanelMessage
from sotto.realtime.health import LANGUAGE_REASON, LanguageHealthSink, publish_not_recognised
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import RecogniserStream, Session
from sotto.redaction.detectors.any_language.number_words import is_number_word
from sotto.redaction.languages import has_pack, is_understood, redactor_for
from sotto.tenants.redaction_rules import RedactionAction, RedactionRules
from sotto.transcription.lease.revival import RevivePorts, in_another_language
from sotto.transcription.ports import CallTime
from sotto.wiring.publishing import load_tenant
from tests.hostile.spoken_call import call_with, lost_samples, with_session
from tests.unit.sources.test_contact_lens import Office, says
from tests.unit.tenants.tenant_files import POLICIES, TENANT, write_tenant

FRENCH = Contact("bank", "c1", "arn", "stream", 0, language="fr-FR")
"""Redaction has no pack for it: rules for any language mask what it holds."""
PRIVATE = {
    "de": "meine Karte ist vier fünf drei eins null acht siebenundzwanzig dreihundertzwölf",
    "fr": "mon numéro est quatre-vingt-dix-sept, zéro un un deux",
    "es": "mi tarjeta es cuatro cinco uno uno veintidós ochenta y tres",
    "it": "il codice è ventotto, trentatré, quattro e sette",
    "pt": "o meu cartão é quatro um um meia, vinte e dois",
    "nl": "mijn pas is vier een een drie, tweeëntwintig en achtentachtig",
}
TELLTALE = {
    "de": "vier fünf drei eins null acht siebenundzwanzig dreihundertzwölf",
    "fr": "quatre vingt dix sept zéro un deux",
    "es": "cuatro cinco uno veintidós ochenta tres",
    "it": "ventotto trentatré quattro sette",
    "pt": "quatro um meia vinte dois",
    "nl": "vier een drie tweeëntwintig achtentachtig",
}


def shown(text: str, *, contact: Contact = FRENCH, rules: RedactionRules | None = None, is_final: bool = True) -> str:
    return redactor_for(contact, rules or RedactionRules()).redact(result_of(text, is_final=is_final)).result.text


@pytest.mark.parametrize("is_final", [True, False])
@pytest.mark.parametrize("language", PRIVATE)
def test_no_number_word_of_a_language_without_rules_is_shown(language: str, is_final: bool) -> None:
    left = shown(PRIVATE[language], is_final=is_final).replace(",", " ").split()
    assert not set(left) & set(TELLTALE[language].split()), left
    assert left[0] == PRIVATE[language].split()[0]


@pytest.mark.parametrize("text", ["Kennzahl 4711", "رقمي ٤٥٦٧", "号码是四五六", "мой номер 12 34", "क्रमांक ४५६"])
def test_no_digit_of_any_script_is_shown(text: str) -> None:
    assert not any(character.isnumeric() for character in shown(text))


@pytest.mark.parametrize(
    "text",
    [
        "meine Adresse ist erika punkt muster at gmx punkt de",
        "mi correo es erika arroba muster punto com",
        "mon mail est erika tiret muster arobase gmx point fr",
        "la mia mail è erika chiocciola muster punto it",
        "Das ist erika.muster@gmx.de",
        "M U S T E R mit e r i k a",
        "M wie Muster, E wie erika",
        "m u",
    ],
)
def test_addresses_and_spelling_are_not_shown(text: str) -> None:
    left = shown(text).casefold()
    assert "muster" not in left and "erika" not in left and "e r i k" not in left and "m u s" not in left


def test_other_words_are_shown_and_a_sentence_after_an_address_is_too() -> None:
    assert shown("Guten Tag, ich habe eine Frage zu meiner Rechnung.") == (
        "Guten Tag, ich habe eine Frage zu meiner Rechnung."
    )
    assert shown("ana arroba gmail punto com. Gracias").endswith(". Gracias")


def test_what_a_tenant_shows_of_numbers_is_masked_where_it_cannot_be_distinguished() -> None:
    rules = RedactionRules.of({"number": "off", "card_number": "off", "card_ending": "off"})
    assert shown("Karte 4111 1111 1111 1111", rules=rules) == "Karte [card number]"
    assert rules.action_for("number") is RedactionAction.OFF


texts = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(SIGNS), st.text(max_size=4)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(pieces=texts, glue=st.sampled_from(["", " ", ", "]), is_final=st.booleans())
def test_no_text_makes_it_fail_or_leaves_a_digit(pieces: list[str], glue: str, is_final: bool) -> None:
    said = result_of(glue.join(pieces), is_final=is_final)
    left = redactor_for(FRENCH, RedactionRules()).unguarded(said).result.text
    assert not any(character.isdigit() for character in left)


@pytest.mark.parametrize("word", ["ein" * 21, "eineeneen" * 7, "e" * 64, "unune" * 12, "vent" * 16 + "x"])
def test_a_long_word_is_read_at_once(word: str) -> None:
    began = time.perf_counter()
    is_number_word(word[:63] + "x")
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    "language",
    ["en", "en-US", "en_GB", "EN-au", "English", "de", "de-AT", "German", "Deutsch", "es-US", "es_MX", "Español"],
)
def test_english_german_and_spanish_have_packs(language: str) -> None:
    assert has_pack(language)


@pytest.mark.parametrize("language", ["fr-FR", "klingon", "", "enx", "pt-BR"])
def test_others_have_none(language: str) -> None:
    assert not has_pack(language)


def test_the_flow_may_say_the_language_by_an_attribute() -> None:
    english = replace(FRENCH, language="en-US")
    assert is_understood(english) and is_understood(replace(english, attributes={"language": "English"}))
    assert not is_understood(replace(english, attributes={"Language": "fr"}))


@pytest.mark.parametrize("language", ["fr-FR", "klingon"])
def test_a_tenant_whose_default_language_has_no_rules_is_refused(tmp_path: Path, language: str) -> None:
    loaded = load_tenant(write_tenant(tmp_path, tenant=TENANT + f"language: {language}\n"))
    (mistake,) = loaded.mistakes
    assert loaded.book is None
    assert str(mistake).startswith("corner_shop/tenant.yaml:11:11: ") and f"'{language}'" in mistake.message


def test_a_policy_for_a_language_without_rules_is_refused(tmp_path: Path) -> None:
    policies = POLICIES.replace("name: everyone\n", "name: everyone\n    when: {languages: [en-GB, fr-CA]}\n")
    (mistake,) = load_tenant(write_tenant(tmp_path, policies=policies)).mistakes
    assert str(mistake).startswith("corner_shop/policies.yaml:4:31: ") and "'fr-CA'" in mistake.message


@dataclass
class Screen:
    """A channel and the listeners behind it."""

    messages: list[PanelMessage] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    is_down: bool = False

    def publish(self, messages) -> None:
        if isinstance(messages, list):
            if self.is_down:
                raise ChannelUnavailable("down")
            self.messages += messages

    def ask_guidance(self, utterance, stamps) -> None: ...

    def tick(self, contact: Contact, at: CallTime) -> None:
        self.ticks.append(at.call_time_ms)


def published_of(contact: Contact, *at_ms: int, is_down: bool = False) -> tuple[Screen, list[str]]:
    screen, failed = Screen(is_down=is_down), []
    sink = LanguageHealthSink(screen, PanelPublisher(screen, failed.append))
    for each in at_ms:
        sink.tick(contact, CallTime(each))
    return screen, failed


def test_the_panel_shows_it_at_once_and_again_for_who_joins_later() -> None:
    screen, missed = published_of(FRENCH, 0, 2_000, 4_000, 31_000, 33_000)
    assert [(each.body.state, each.body.reason) for each in screen.messages] == [
        (HealthState.DELAYED, LANGUAGE_REASON), (HealthState.DELAYED, LANGUAGE_REASON),
    ]  # fmt: skip
    assert screen.ticks == [0, 2_000, 4_000, 31_000, 33_000] and missed == []


def test_a_call_in_a_known_language_shows_nothing_of_it() -> None:
    assert published_of(replace(FRENCH, language="en-GB"), 0, 31_000)[0].messages == []


def test_a_channel_that_is_down_ends_nothing() -> None:
    assert published_of(FRENCH, 0, is_down=True)[1] == ["health"]


def test_a_call_in_french_is_transcribed_to_its_end_and_shows_no_number(tmp_path: Path) -> None:
    async def main() -> SimulatedCall:
        call = call_with(tmp_path, "Bonjour.", "Mon numéro est quatre cinq six huit.", "Merci bien.")
        call.contact = replace(call.contact, language="fr-FR")
        call.ports = with_session(call.ports, redactor=lambda contact: redactor_for(contact, RedactionRules()))
        await call.run()
        return call

    call = run_virtually(main)
    assert [each.text for each in call.utterances] == ["Bonjour.", "Mon numéro est [number].", "Merci bien."]
    assert lost_samples(call) == {"customer": 0, "agent": 0}
    interims = " ".join(each.text for each in call.sink.published)
    assert not {"quatre", "cinq", "six", "huit"} & set(interims.replace(".", " ").split())


def test_contact_lens_may_find_another_language_in_mid_call() -> None:
    office = Office(redactor=lambda contact: redactor_for(contact, RedactionRules()))
    french = replace(says("CUSTOMER", "mon numéro est quatre cinq six", 4_000), language="fr-FR")
    office.receives(says("AGENT", "Good morning", 0), french)
    assert [each.text for each in office.stored] == ["Good morning", "Mon numéro est [number]"]


class ByLanguage(TranscriptRecogniser):
    """Says in which language each of its sessions is."""

    def __init__(self, transcript: Path) -> None:
        super().__init__(lambda contact_id: transcript)
        self.languages = LanguageSet(("en", "de"))
        self.asked: list[str] = []

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        self.asked.append(session.language)
        return super().open(session)


def test_what_no_recogniser_knows_is_not_made_nonsense_of_and_the_panel_says_so(
    tmp_path: Path,
) -> None:
    screen = Screen()

    async def main() -> SimulatedCall:
        call = call_with(tmp_path, "Meine Karte ist vier eins eins eins.")
        only_english = replace_languages(call, "en")
        call.contact = replace(call.contact, language="de-DE")
        panel = PanelPublisher(screen, lambda what: None)
        call.ports = replace(
            call.ports, recogniser=only_english, not_recognised=lambda contact: publish_not_recognised(contact, panel)
        )
        await call.run()
        return call

    call = run_virtually(main)
    assert [outcome.how for outcome in call.outcomes] == ["language-not-recognised"] and call.errors == []
    assert call.utterances == [] and call.sink.published == []
    assert [(each.body.state, each.body.part) for each in screen.messages] == [(HealthState.OFF, "recogniser")]


def replace_languages(call: SimulatedCall, *tags: str) -> FailoverRecogniser:
    provider = ByLanguage(call.plan.transcript)
    provider.languages = LanguageSet(tags)
    return FailoverRecogniser([provider], clock=call.clock)


def test_a_language_that_is_known_late_has_the_next_worker_recognise_and_redact_in_it(tmp_path: Path) -> None:
    """The queue says German after the first sentence: nothing is lost, and the number that follows is masked."""

    class Workers:
        def __init__(self, call: SimulatedCall) -> None:
            self.call = call

        def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
            self.call.start(generation)

    class NoContacts:
        def contact(self, tenant: str, contact_id: str) -> None:
            return None

    made: list[ByLanguage] = []

    async def becomes_german(call: SimulatedCall) -> None:
        await call.clock.sleep_ms(4_000)
        call.contact = replace(call.contact, language="de-DE")
        in_another_language(call.contact, RevivePorts(NoContacts(), call.stored, Workers(call), call.clock))

    async def main() -> SimulatedCall:
        call = call_with(
            tmp_path,
            "Guten Tag zusammen.",
            "Es geht um die Rechnung.",
            "Ich warte schon lange.",
            "Meine Karte ist vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins eins.",
            "Vielen Dank.",
        )
        made.append(ByLanguage(call.plan.transcript))
        call.ports = with_session(
            replace(call.ports, recogniser=FailoverRecogniser([call.tap.on(made[0])], clock=call.clock)),
            redactor=lambda contact: redactor_for(contact, RedactionRules()),
        )
        await call.run(becomes_german)
        return call

    call = run_virtually(main)
    assert made[0].asked == ["en-US", "de-DE"]
    assert [outcome.how for outcome in call.outcomes] == ["superseded", "finished"]
    assert lost_samples(call) == {"customer": 0, "agent": 0}
    texts = [each.text for each in call.utterances]
    assert texts[-2:] == ["Meine Karte ist [card number].", "Vielen Dank."] and texts[0] == "Guten Tag zusammen."
    assert not any(word in " ".join(texts) for word in ("vier", "eins"))
