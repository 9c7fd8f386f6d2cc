"""What is said about being recorded, in German and Spanish."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.consent.languages import LANGUAGES, words_of
from sotto.consent.rules import (
    AWAITING,
    ConsentDecision,
    ConsentListener,
    ConsentStance,
    asks_for_consent,
    consent_stance,
)
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule

ASKED = {
    "de-DE": [
        "Das Gespräch wird zu Schulungszwecken aufgezeichnet.",
        "Darf ich das Gespräch aufzeichnen?",
        "Sind Sie damit einverstanden, dass wir dieses Telefonat mitschneiden?",
        "Ist eine Aufzeichnung für Sie in Ordnung?",
    ],
    "es-ES": [
        "Esta llamada será grabada por motivos de calidad.",
        "¿Puedo grabar la conversación?",
        "¿Está de acuerdo con que grabemos esta llamada?",
        "Le informo de que la llamada se va a grabar.",
    ],
}
REFUSED = {
    "de-AT": [
        "Bitte nicht aufzeichnen.",
        "Ich möchte nicht, dass das Gespräch aufgenommen wird.",
        "Stoppen Sie bitte die Aufnahme.",
        "Schalten Sie die Aufzeichnung ab.",
        "Zeichnen Sie das bitte nicht auf.",
        "Keine Aufzeichnung bitte.",
        "Ich widerspreche der Aufzeichnung.",
        "Ich bin damit nicht einverstanden.",
        "Ich habe etwas dagegen.",
        "Ja, aber ohne Mitschnitt.",
    ],
    "es-MX": [
        "No quiero que me graben.",
        "Por favor, deje de grabar.",
        "No estoy de acuerdo.",
        "No doy mi permiso.",
        "Sin grabación, por favor.",
        "Retiro mi consentimiento.",
        "Me niego.",
        "Apague la grabación.",
    ],
}
ANSWERED = {
    ("de-DE", ConsentStance.CONSENT): [
        "Ja.", "Ja, gerne.", "Natürlich.", "Nein, ich habe nichts dagegen.", "Kein Problem.", "Einverstanden.",
        "Das ist für mich in Ordnung.", "Das stört mich nicht.", "Von mir aus.", "Ähm, okay.",
    ],
    ("de-DE", ConsentStance.REFUSAL): [
        "Nein.", "Nee, lieber nicht.", "Auf keinen Fall.", "Das möchte ich nicht.", "Ich will das nicht.",
    ],
    ("es-US", ConsentStance.CONSENT): [
        "Sí.", "Sí, claro.", "Vale.", "De acuerdo.", "No me importa.", "No hay problema.", "Está bien.",
        "Por supuesto.", "No tengo inconveniente.",
    ],
    ("es-US", ConsentStance.REFUSAL): ["No.", "No, gracias.", "Prefiero que no.", "De ninguna manera."],
}  # fmt: skip
NOTHING = {
    "de-DE": [
        "Können Sie meine Adresse aufnehmen?",
        "Ich möchte einen Kredit aufnehmen.",
        "Nehmen Sie bitte mit der Werkstatt Kontakt auf.",
        "Ich kann mich nicht beschweren.",
        "Das ist mir nicht klar.",
        "Ja.",
        "Nein.",
        "Mein Vertrag ist nicht verlängert worden.",
    ],
    "es-ES": ["No lo sé.", "Sí.", "No tengo la factura.", "Grabé un mensaje en el contestador.", "Está bien, gracias."],
}


def each(table: dict[object, list[str]]) -> list[tuple[object, str]]:
    return [(key, text) for key, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), each(ASKED))
def test_a_question_about_recording_is_one(language: str, text: str) -> None:
    assert asks_for_consent(text, language=language)


@pytest.mark.parametrize(("language", "text"), each(REFUSED))
def test_a_refusal_counts_whenever_it_comes(language: str, text: str) -> None:
    assert consent_stance(text, language=language) is ConsentStance.REFUSAL
    assert consent_stance(text, after_question=True, language=language) is ConsentStance.REFUSAL


@pytest.mark.parametrize(("key", "text"), each(ANSWERED))
def test_a_bare_answer_counts_after_the_question(key: tuple[str, ConsentStance], text: str) -> None:
    language, stance = key
    assert consent_stance(text, after_question=True, language=language) is stance


@pytest.mark.parametrize(("language", "text"), each(NOTHING))
def test_what_is_about_something_else_decides_nothing(language: str, text: str) -> None:
    assert consent_stance(text, language=language) is ConsentStance.NOTHING


@pytest.mark.parametrize(
    ("language", "question", "answer", "allowed"),
    [
        ("de-DE", "Darf ich das Gespräch aufzeichnen?", "Ja, gerne.", True),
        ("de-DE", "Darf ich das Gespräch aufzeichnen?", "Nein danke.", False),
        ("es-ES", "¿Puedo grabar la llamada?", "Sí, claro.", True),
        ("es-ES", "¿Puedo grabar la llamada?", "No, mejor no.", False),
    ],
)
def test_a_call_waits_for_the_answer_in_its_language(language: str, question: str, answer: str, allowed: bool) -> None:
    rule = ConsentRule(basis=ConsentBasis.SPOKEN)
    listener = ConsentListener(rule, ConsentDecision(False, AWAITING), language=language)
    assert listener.decide(Speaker.AGENT, question) is None
    decision = listener.decide(Speaker.CUSTOMER, answer)
    assert decision is not None and decision.allowed is allowed


def test_each_language_has_its_words_and_another_listens_for_english_refusals() -> None:
    assert LANGUAGES.tags == ("de", "en", "es")
    assert words_of("de-CH") is words_of("German") and words_of("fr-FR") is words_of("en-US")
    assert consent_stance("please stop recording", language="fr-FR") is ConsentStance.REFUSAL
