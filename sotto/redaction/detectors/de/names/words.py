"""What announces a name in German."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.names.known_names import GIVEN_ALONE, ORDINARY, known_names
from sotto.redaction.detectors.de.words import german, pattern
from sotto.redaction.detectors.spoken.names.name_words import NameWords
from sotto.redaction.detectors.spoken.names.rows import RowWords, people_in_rows

_WHOSE = r"(?:meine?[rnms]?|ihre?[rnms]?|seine?[rnms]?|deine?[rnms]?|der|den|des|dem|die|unsere?[rnms]?)"
_NAMED = re.compile(
    pattern(
        rf"\b(?:{_WHOSE} (?:voller |vollständiger |richtiger |werter )?(?:vor|nach|familien|mädchen|zu|ruf)?-?name "
        r"(?:ist|lautet|wäre|war|heißt)|name[ns]?(?: ist| lautet| wäre|:)|(?:vor|nach|familien|zu)name(?: ist| lautet|"
        r" wäre|:|,)?|(?:ich|er|sie|der|die) (?:heiße|heißt|nenne mich|nennt sich)|"
        r"heiße|(?:auf|unter) (?:den|dem) namen?|im (?:namen|auftrag) von|namens|karteninhaber(?:in)?(?: ist|:)|"
        rf"{_WHOSE} (?:frau|mann|ehefrau|ehemann|tochter|sohn|mutter|vater|bruder|schwester|partner(?:in)?|"
        r"freund(?:in)?|kolleg(?:e|en|in)|chef(?:in)?|nachbar(?:n|in)?|berater(?:in)?|betreuer(?:in)?|anwalt|anwältin)"
        rf"(?: heißt| ist|,)(?: der| die)|{_WHOSE} (?:frau|mann|tochter|sohn|mutter|vater|bruder|schwester|"
        r"kolleg(?:e|in)|"
        r"partner(?:in)?|chef(?:in)?)(?: heißt|,)|(?:eine?[mnr]? )?(?:gewisse[rnm]?|sichere[rnm]?|tal)|"
        r"ansprechpartner(?:in)? (?:ist|war))[\s,:]+"
    )
)
_SPOKEN_WITH = re.compile(
    pattern(
        r"\b(?:hier (?:ist|spricht|am apparat(?: ist)?)(?= (?!der |die |das ))|sie sprechen mit|(?:da|"
        r"drauf) ste(?:ht|hen)|steht (?:aber|da|drauf)|stand (?:da|drauf)|spreche ich mit|"
        r"(?:gesprochen|telefoniert|verbunden|sprechen|reden) mit|am apparat(?: ist)?|mit wem\? mit|"
        r"unterschrieben von|laut|"
        r"(?:sagen|richten) sie(?= \w+ (?:bitte|dass|er|sie))|"
        r"(?:verbinden|sprechen|reden) (?:sie )?(?:mich )?(?:bitte )?mit|mit(?= \w+ (?:verbinden|sprechen|gesprochen|"
        r"telefoniert|reden))|trage ich|ausgestellt auf|gerichtet an|adressiert an|(?:brief|paket) (?:ist )?an|also|"
        r"ist(?= \w+ (?:da|im haus|zu sprechen))|verbinden sie mich "
        r"mit)[\s,:]+"
    )
)
_ADDRESSED = re.compile(
    pattern(
        r"\b(?:ich bin(?: der| die)?|es ist|das ist(?: der| die)?|hier(?: ist| spricht)?(?: der| die)?|"
        r"guten (?:tag|morgen|abend)|hallo|hi|danke|dankeschön|tschüss|liebe[rs]?|"
        r"grüß (?:gott|sie)|servus|moin|ja|gut|okay|sorry|entschuldigung|wiederhören|also)[\s,:]+"
    )
)
_TITLE = re.compile(
    r"\b(?:(?:herrn?|frau|fraulein|familie)(?: (?:dr|doktor|prof|professor)\b\.?)*|dr|doktor|prof|professor|ing|"
    r"mag)\b\.?"
    r"(?:\s+(?:dr|med|doktor)\b\.?)*\s+"
)
_GREETED = re.compile(
    pattern(
        r"\b(?:hallo|hi|danke|dankeschön|vielen dank|tschüss|wiederhören|wiedersehen|guten (?:tag|morgen|abend)|"
        r"liebe[rs]?|"
        r"servus|moin|grüezi|grüß (?:gott|dich|sie)|gut|prima|perfekt|okay|alles klar)[\s,]+(?:hier ist |hier |"
        r"ich bin )?"
        r"(?:nochmal )?"
    )
)
_ROLES = re.compile(
    pattern(
        r"\b(?:(?:meine?[mnrs]?|ihre?[mnrs]?|seine?[mnrs]?|deine?[mnrs]?|unsere?[mnrs]?|der|die|den|"
        r"dem) (?:\w+ )?(?:frau|"
        r"mann|mannes|ehefrau|ehemann|tochter|sohn|sohnes|mutter|vater|oma|opa|bruder|schwester|partner(?:in)?|"
        r"freund(?:in)?|kolleg(?:e|en|in)|chef(?:in)?|nachbar(?:n|in)?|berater(?:in)?|betreuer(?:in)?|techniker(?:in)?|"
        r"monteur|fahrer(?:in)?|vermieter(?:in)?|mieter(?:in)?|sachbearbeiter(?:in)?|onkel|tante|neffe|nichte|"
        r"lebensgefährt(?:e|in)|schwager|assistent(?:in)?))[\s,]+"
    )
)
_SURE_TITLE = re.compile(
    r"(?:herrn?|(?<!meine )(?<!ihre )(?<!seine )(?<!deine )(?<!eine )(?<!unsere )(?<!keine )frau|fraulein)\b"
)
_BEFORE_PAIRS = re.compile(
    pattern(r"\b(?:ich bin(?: der| die)?|für|mit|von|an|aber|ist|und|nicht|hier|ja|nein|sondern|heißt|bei|auf)\s+")
)
_NOT_NAMES = ORDINARY | german(
    "der die das den dem des ein eine und oder aber nicht name namen vorname nachname familienname hat hatte",
    "möchte will",
    "wollte braucht sagt sagte ruft rief bekommt fragt wegen bezüglich aus mit für von am apparat hier spricht mein",
    "dann so null eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf groß klein wie doppel äh ähm",
)
_PARTICLES = german("von van vom zu zum zur de der den dem da di del della la le el al ten ter")
_ORGANISATION = re.compile(
    r"^(?:gmbh|ag|kg|ohg|ev|e\.v|bank|sparkasse|versicherung|versicherungen|group|gruppe|airlines?|hotel|\w*stras?se|"
    r"\w*str|\w{3,}(?:weg|platz|allee|gasse|ring|damm|ufer)|universitat|klinikum|krankenhaus|apotheke|verlag)\b"
)
_ROWS = RowWords(
    before=german(
        "der die das dem den des ein eine einen einem einer im am in aus nach zur zum vom beim bei auf unser",
        "unsere ihre",
        "ihren ihrer ihrem meine meinen meiner meinem mein kein keine diese dieser dieses diesen jede",
    ),
    joining=frozenset("von van vom zu zum zur de der den da di del la le el al ten ter".split()),
    not_names=_NOT_NAMES,
    organisation=_ORGANISATION,
)


def _people_in(text: str) -> list[tuple[int, int]]:
    return people_in_rows(text, known_names(), _ROWS)


NAMES = NameWords(
    named=_NAMED,
    spoken_with=_SPOKEN_WITH,
    addressed=_ADDRESSED,
    title=_TITLE,
    greeted=_GREETED,
    roles=_ROLES,
    most_unknown=3,
    articles=german("der die das ein eine einen meine mein unser unsere irgendein irgendeine nicht"),
    alone=GIVEN_ALONE,
    of_places=german("sankt st straße weg platz allee am an der klinik schule kirche hotel"),
    sure_title=_SURE_TITLE,
    before_pairs=_BEFORE_PAIRS,
    joints=frozenset({"und", "oder"}),
    not_names=_NOT_NAMES,
    particles=_PARTICLES,
    organisation=_ORGANISATION,
    named_before=re.compile(
        r"(?:\s*,)?\s+(?:am apparat|(?:ist |war |isch )?(?:mein|min) (?:\w{0,8})name\b(?! ist)|ist der name|"
        r"hier(?=[\s,.!]*$))"
    ),
    initial=re.compile(r"[a-z]\.?"),
    spelt=re.compile(r"\b(?:buchstabiert|buchstabiere|geschrieben|schreibt man|also|das ist)(?: das| es| ich)?[\s,:]+"),
    known=known_names,
    in_case=_people_in,
)
