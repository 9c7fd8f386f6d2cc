"""Unit: what redaction hides in German and in Spanish, and what it leaves readable."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.languages import pack_of
from sotto.tenants.redaction_rules import RedactionRules

EVERYTHING = RedactionRules.everything()


def shown(language: str, said: str, *, asked: str = "", final: bool = True) -> str:
    redactor = ConversationRedactor(EVERYTHING, pack=pack_of(language))
    if asked:
        redactor.unguarded(TranscriptResult(Speaker.AGENT, "r", 0, 2000, asked, (), True))
    return redactor.unguarded(TranscriptResult(Speaker.CUSTOMER, "r", 3000, 5000, said, (), final)).result.text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("meine Kartennummer ist vier eins eins eins elf elf elf elf elf elf", "meine Kartennummer ist [card number]"),
        ("die Nummer lautet zweimal die vier dreimal die null acht", "die Nummer lautet [number]"),
        ("zwei nullen drei einser fünf sechs", "[number]"),
        ("zwo, fuenf, hundertfünf, dreihundertzwölf", "[phone]"),
        ("siebenhundertdreizehn fünfhundertsiebzehn", "[number]"),
        ("ich bin am zwölften März neunzehnhundertfünfundachtzig geboren", "ich bin am [date of birth] geboren"),
        ("geboren am 12.3.1985", "geboren am [date of birth]"),
        ("gültig bis null fünf siebenundzwanzig, Prüfnummer eins zwo drei",
         "gültig bis [card expiry], Prüfnummer [security code]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account number]"),
        ("die Steuer-ID ist 86095742719", "die Steuer-ID ist [social security]"),
        ("die Geheimzahl ist vier sieben eins eins", "die Geheimzahl ist [pin]"),
        ("mein Passwort ist Sonnenblume sieben", "mein Passwort ist [password]"),
        ("meine E-Mail ist anna punkt schmidt ät gmx punkt de", "meine E-Mail ist [email]"),
        ("mein name ist anna schmidt und ich habe eine frage zur rechnung",
         "mein name ist [name] und ich habe eine frage zur rechnung"),
        ("Kowalczyk am Apparat, guten Tag", "[name] am Apparat, guten Tag"),
        ("Guten Tag, Frau Dr. Öztürk-Meier, hier spricht Jan Petersen",
         "Guten Tag, Frau Dr. [name], hier spricht [name]"),
        ("ich wohne in der Lindenstraße zwölf b, achtzig drei dreißig eins München", "ich wohne in der [address]"),
        ("meine Postleitzahl ist acht null drei drei eins", "meine Postleitzahl ist [postcode]"),
    ],
)  # fmt: skip
def test_german_private_data_is_hidden_however_it_is_put(said: str, left: str) -> None:
    assert shown("de", said) == left


@pytest.mark.parametrize(
    "said",
    [
        "das kostet hundertfünf Euro und dauert drei bis fünf Tage",
        "wir haben am einundzwanzigsten März um vierzehn Uhr dreißig einen Termin",
        "Nein, ich habe vor zwei Wochen drei Pakete bestellt und 49,90 Euro bezahlt.",
        "Ihre Bestellnummer ist vier sieben eins eins null",
        "erst hieß es zwölfhundert und am ende waren es fünfzehnhundert",
        "ich bin total enttäuscht von ihrem kundendienst",
        "hallo schönen guten tag ich rufe an weil der router blinkt",
        "meine frau meinte das sei normal",
        "Der Zug von Fulda nach Gießen hat Verspätung.",
        "die pin habe ich vergessen",
    ],
)
def test_german_talk_is_left(said: str) -> None:
    assert shown("de", said) == said


@pytest.mark.parametrize(
    ("asked", "said", "left"),
    [
        ("wie ist Ihr Geburtsdatum?", "zwölfter dritter fünfundachtzig", "[date of birth]"),
        ("buchstabieren Sie bitte Ihren Nachnamen", "M wie Martha, Ü wie Übermut, L wie Ludwig", "[name]"),
        ("wie ist Ihr Kennwort?", "Sonnenblume", "[password]"),
        ("ihre mailadresse bitte", "a n n a unterstrich schmidt 85 klammeraffe t-online punkt de", "[email]"),
        ("wie lautet Ihre Adresse?", "Am Alten Markt 3, 50667 Köln", "[address]"),
        ("Ihre Ausweisnummer?", "L 01X 00T 471", "[identity document]"),
        ("wann läuft die karte ab", "dritter zweitausendsiebenundzwanzig", "[card expiry]"),
    ],
)
def test_german_answers_are_hidden(asked: str, said: str, left: str) -> None:
    assert shown("de", said, asked=asked) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mi tarjeta es la cuatro uno uno uno once once once once once once", "mi tarjeta es la [card number]"),
        ("cuatrocientos once doscientos treinta quinientos siete cero cero", "[number]"),
        ("dos ceros tres cincos siete y nueve", "[number]"),
        ("treintaidos, veintiseis, doble siete, diez y seis", "[number]"),
        ("nací el doce de marzo de mil novecientos ochenta y cinco", "nací el [date of birth]"),
        ("caduca en cero cinco veintisiete, código de seguridad uno dos tres",
         "caduca en [card expiry], código de seguridad [security code]"),
        ("IBAN ES91 2100 0418 4502 0005 1332", "IBAN [account number]"),
        ("mi DNI es 12345678Z", "mi DNI es [identity document]"),
        ("el pin es cuatro siete uno uno", "el pin es [pin]"),
        ("mi contraseña es girasol siete", "mi contraseña es [password]"),
        ("mi correo es ana punto garcía arroba gmail punto com", "mi correo es [email]"),
        ("me llamo ana garcía lópez y tengo una pregunta", "me llamo [name] y tengo una pregunta"),
        ("Buenos días, señora Echevarría, le habla Marta", "Buenos días, señora [name], le habla [name]"),
        ("vivo en la calle de Alcalá número cuarenta y cinco, tercero izquierda, 28014 Madrid", "vivo en la [address]"),
        ("mi código postal es dos ocho cero uno cuatro", "mi código postal es [postcode]"),
    ],
)  # fmt: skip
def test_spanish_private_data_is_hidden_however_it_is_put(said: str, left: str) -> None:
    assert shown("es", said) == left


@pytest.mark.parametrize(
    "said",
    [
        "cuesta ciento cinco euros y tarda de tres a cinco días",
        "tengo una cita el veintiuno de marzo a las catorce treinta",
        "No, hace dos semanas pedí tres paquetes y pagué 49,90 euros.",
        "su número de pedido es cuatro siete uno uno cero",
        "soy fontanero y estoy en una obra",
        "hola muy buenas mire que no me llega la señal",
        "el martes tengo que ir a guadalajara",
        "se me ha olvidado el pin",
    ],
)
def test_spanish_talk_is_left(said: str) -> None:
    assert shown("es", said) == said


@pytest.mark.parametrize(
    ("asked", "said", "left"),
    [
        ("¿cuál es su fecha de nacimiento?", "doce del tres del ochenta y cinco", "[date of birth]"),
        ("¿me deletrea su apellido?", "be de Barcelona, zeta de Zaragoza, eñe", "[name]"),
        ("¿cuál es su contraseña?", "girasol", "[password]"),
        ("¿su correo electrónico?", "a n a guion bajo garcía 85 arroba hotmail punto es", "[email]"),
        ("¿Cuál es su dirección?", "Avenida Insurgentes Sur 1602, colonia Crédito Constructor", "[address]"),
        (
            "¿me dice su DNI?",
            "doce trescientos cuarenta y cinco seiscientos setenta y ocho zeta",
            "[identity document]",
        ),
    ],
)
def test_spanish_answers_are_hidden(asked: str, said: str, left: str) -> None:
    assert shown("es", said, asked=asked) == left


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        ("de", "meine nummer ist vier und", "meine nummer ist [number]"),
        ("de", "das macht ein und", "das macht"),
        ("de", "ich bin geboren am zwölften", "ich bin geboren am"),
        ("de", "das paket soll in die lindenstraße", "das paket soll in die"),
        ("es", "mi número es cuarenta y", "mi número es [phone]"),
        ("es", "nací el doce de", "nací el [date of birth]"),
        ("es", "vivo en la calle mayor", "vivo en la"),
    ],
)
def test_the_beginning_of_something_private_waits_for_the_next_word(language: str, said: str, left: str) -> None:
    assert shown(language, said, final=False) == left
