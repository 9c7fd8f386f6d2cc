"""German talk around passwords and answers to security questions."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.sentence_words import SENTENCE_WORDS, STATEMENT_OPENERS
from sotto.redaction.detectors.de.words import german, pattern
from sotto.redaction.detectors.spoken.secret_vocabulary import SecretWords

_HEDGES = german(
    "äh ähm öh hm hmm tja also einfach eigentlich noch aktuell momentan derzeit wahrscheinlich vielleicht glaube ich",
    "alles klein groß kleingeschrieben großgeschrieben zusammengeschrieben in buchstaben das wort , : = - ist es das",
    "wäre ja okay ok so der name mit folgendes folgende und zwar nämlich glaub",
)
_NO_SECRET = german(
    "nicht falsch richtig korrekt inkorrekt ungültig gültig abgelaufen gesperrt blockiert abgelehnt akzeptiert nötig",
    "erforderlich weg verloren vergessen gestohlen gehackt geleakt zurückgesetzt geändert gespeichert notiert",
    "kaputt alt",
    "neu zu sehr immer nie kein keine keins was welches irgendwas irgendwo anders sicher unsicher stark schwach kurz",
    "lang länger kürzer einfach schwer schwierig da hier gut besser bestens super bekannt unbekannt gesetzt",
    "fällig weil",
    "nur gerade bei von für aus nach unter privat geheim vertraulich wichtig notwendig unmöglich möglich optional",
    "hilfreich niedrig hoch schlecht ein eine einen wirklich seltsam komisch ärgerlich schlimm schrecklich schön wahr",
    "leer veraltet temporär dauerhaft empfohlen erkannt bestätigt verifiziert fertig mein dein ihr unser mir",
    "mich sie er",
    "wir man gemeint benutzt verwendet per auf im am eingegeben gefragt verlangt angekommen erledigt ok okay mehr",
    "abgefragt hinterlegt aktiviert deaktiviert entsperrt verschickt zugeschickt ob dass wenn wie wo",
)
_COURTESY = german(
    "ja jawohl jo nein nö äh ähm öh hm hmm oh also so richtig sicher okay ok alles klar gut bitte danke dank vielen",
    "schön sehr gerne sorry entschuldigung hallo hi tschüss wiederhören wiedersehen guten tag morgen abend",
    "perfekt prima",
    "super toll wunderbar ausgezeichnet genau stimmt korrekt moment sekunde minute warten sie mal einen eine natürlich",
    "selbstverständlich pardon bestätigt verifiziert aha ach interessant verstanden angenehm k jep klar na servus grüß",
    "gott auf wieder hören sehen schönen noch herr frau",
)
_TIME_AND_PLACE = german("heute gestern morgen abend wieder schon hier jetzt später bald vorhin stattdessen")
_SAYS_NOTHING = _COURTESY | _NO_SECRET | german("bereit ahnung nichts unsicher weiß keine")
_COURTEOUS = rf"(?:(?:{'|'.join(sorted(_COURTESY))})\b[\s,.!-]*)*"
_LED_IN = pattern(
    rf"^\W*{_COURTEOUS}(?:(?:ich|wir) (?:glaube|glaub|denke|meine),? ?)?"
    r"(?:(?:das|es|die antwort|der name|er|sie|die|der|mein\w*) (?:\w+ )?(?:ist|war|wäre|lautet|hieß|heißt|müsste|"
    r"sollte)(?: (?:sein|dann))?|(?:hieß|heißt|lautet|versuchen sie|probieren sie))\b|"
    r"\b(?:hund|katze|kater|tier|mutter|lehrerin?|schule|hase|die|der|er|sie) (?:hieß|heißt)\b|\bgeborene\b|"
    r"\b(?:ich|wir) (?:habe?n?|hab) (?:\w+ )?(?:genommen|gewählt|verwendet)\b"
)

SECRET_WORDS = SecretWords(
    verbs=german("ist lautet war wäre heißt hieß : = - heisst"),
    chosen=german("habe haben nehme benutze verwende"),
    chooser=german("ich wir"),
    hedges=_HEDGES,
    no_secret=_NO_SECRET,
    courtesy=_COURTESY,
    says_nothing=_SAYS_NOTHING,
    greeting=re.compile(pattern(r"\W*(?:guten (?:morgen|tag|abend)|hallo|hi|grüß|servus|willkommen|moin)\b")),
    led_in=re.compile(_LED_IN),
    asks_for_a_word=re.compile(pattern(r"(?:name[ns]?|wort|mutter|antwort|ort|frage|tiers?|hund\w*|katze)$")),
    sets=german("setzen setze gesetzt ändern ändere geändert neu stellen stelle machen mache legen lege"),
    set_to=german("auf in"),
    with_or_as=german("mit als"),
    before_an_answer=_COURTESY | german("das ist es in der die war ein eine mein meine"),
    time_and_place=_TIME_AND_PLACE,
    talk=SENTENCE_WORDS
    | _TIME_AND_PLACE
    | german("versuchen versuchs probieren nehmen nimm klingt ziemlich wirklich eher rufe anrufen letzte nächste"),
    clause_openers=german("und aber also weil wenn oder die das ,"),
    statement_openers=STATEMENT_OPENERS,
    ends_clause=german("bitte danke weil obwohl"),
    asks_of_you=frozenset({("konnen", "sie"), ("konnten", "sie"), ("reicht", "das"), ("passt", "das")}),
    own=german("mein meine das die der unser unsere sein ihr"),
    is_before=german("ist war lautet als"),
    thanks=("vielen", "dank"),
    tails=frozenset({("glaube", "ich"), ("glaub", "ich"), ("denke", "ich"), ("mein", "ich")}),
    words_of_one_letter=frozenset(),
    spelled_with=german("wie"),
)
