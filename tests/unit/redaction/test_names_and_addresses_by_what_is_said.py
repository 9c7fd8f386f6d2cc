"""Unit: names and addresses that only the talk around them gives away, and talk like it that stays readable."""

from __future__ import annotations

import pytest

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.languages import pack_of
from sotto.tenants.redaction_rules import RedactionRules


def shown(language: str, said: str, *, asked: str = "") -> str:
    redactor = ConversationRedactor(RedactionRules.everything(), pack=pack_of(language))
    if asked:
        redactor.unguarded(TranscriptResult(Speaker.AGENT, "r", 0, 2000, asked, (), True))
    return redactor.unguarded(TranscriptResult(Speaker.CUSTOMER, "r", 3000, 5000, said, (), True)).result.text


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        ("en", "quibell speaking", "[name] speaking"),
        ("en", "you spoke to hovsepian", "you spoke to [name]"),
        ("de", "sie sprechen mit sarkissian", "sie sprechen mit [name]"),
        ("en", "it was wendeline who rang me", "it was [name] who rang me"),
        ("en", "you've put quibell on the bill", "you've put [name] on the bill"),
        ("en", "wendeline is my accountant", "[name] is my accountant"),
        ("en", "Right, Wendeline, let's start.", "Right, [name], let's start."),
        ("en", "the name is nora de winter", "the name is [name]"),
        ("en", "that's quibell q-u-i-b-e-l-l", "that's [name]"),
        ("de", "nicht krassnitzer sondern krassnitz", "nicht [name] sondern [name]"),
        ("de", "das ist jutta von der au", "das ist [name]"),
        ("de", "hier ist nochmal krassnitzer vom service", "hier ist nochmal [name] vom service"),
        ("de", "der techniker kommt heute", "der techniker kommt heute"),
        ("es", "soy luz quintanar por la factura", "soy [name] por la factura"),
        ("es", "mi tutor es ramón de la fuente", "mi tutor es [name]"),
        ("es", "pregunte por eufrasia", "pregunte por [name]"),
    ],
)  # fmt: skip
def test_a_name_that_no_list_has_is_found_by_what_is_said_around_it(language: str, said: str, left: str) -> None:
    assert shown(language, said) == left


@pytest.mark.parametrize(
    ("language", "asked", "said", "left"),
    [
        ("en", "who was that you spoke to", "wendeline i think", "[name] i think"),
        ("en", "how are you spelling that", "k n u t h", "[name]"),
        ("de", "wie schreibt man das", "k wie kaufmann n wie nordpol u wie ulrich t wie theodor", "[name]"),
        ("es", "cómo se escribe", "ka ene u te hache", "[name]"),
        ("en", "do you have the booking reference", "yes it's x y z k l m", "yes it's x y z k l m"),
        ("en", "who's your current supplier", "e d f", "e d f"),
        ("en", "who was that you spoke to", "someone in the office", "someone in the office"),
        ("de", "wer war denn schuld", "der andere natürlich", "der andere natürlich"),
        ("es", "quién es su compañía actual", "iberdrola", "iberdrola"),
    ],
)  # fmt: skip
def test_a_question_that_a_name_may_answer_hides_what_reads_like_one(
    language: str, asked: str, said: str, left: str
) -> None:
    assert shown(language, said, asked=asked) == left


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        ("en", "the corner of mill lane and park road", "[address]"),
        ("en", "write to po box 214 hull", "write to [address]"),
        ("en", "it's number nine on wharf lane", "it's number [address]"),
        ("en", "top floor flat 12 mill lane", "[address]"),
        ("en", "we live on mill lane", "we live on [address]"),
        ("de", "das haus ist nummer neun in der gartenstraße", "das haus ist nummer [address]"),
        ("de", "ecke gartenstraße und lindenweg", "ecke [address] und [address]"),
        ("de", "gartenstraße 9 dritter stock links", "[address]"),
        ("de", "unser postfach 2314 in emden", "unser [address]"),
        ("es", "la esquina de calle mayor con calle olmo", "la esquina de [address] con [address]"),
        ("es", "el número nueve de la calle olmo", "el número [address]"),
        ("es", "al apartado de correos 214 de lugo", "al [address]"),
    ],
)  # fmt: skip
def test_an_address_is_found_however_people_put_it(language: str, said: str, left: str) -> None:
    assert shown(language, said) == left


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "okay may i take a look"),
        ("en", "okay mark it as done"),
        ("en", "it says declined"),
        ("en", "i live in london and work from home"),
        ("en", "press number three on the keypad"),
        ("en", "i'm number five in the queue"),
        ("en", "it's a john lewis washing machine"),
        ("de", "statt ratenzahlung lieber einmalzahlung"),
        ("de", "wir wohnen zur miete"),
        ("de", "Ein schwarzer Wagen, ein Mercedes, stand davor."),
        ("de", "der strom ist weg ab nummer neun"),
        ("es", "dice que está averiado"),
        ("es", "el apartado tres del contrato"),
        ("es", "vivo en casa de mis suegros"),
        ("es", "¿Tienen oficina en San Sebastián de los Reyes?"),
    ],
)
def test_talk_that_only_looks_like_a_name_or_an_address_stays_readable(language: str, said: str) -> None:
    assert shown(language, said) == said
