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
        r"(?:ist|lautet|wäre|war|heißt)|(?<!welchen )(?<!welchem )name[ns]?(?: ist| lautet| wäre| war|:)|(?:vor|"
        r"nach|familien|zu)name(?: ist| lautet|"
        r" wäre|:|,)?|(?:ich|er|sie|der|die) (?:heiße|heißt|hieß|nenne mich|nennt sich)(?: jetzt| nun| seitdem|"
        r" inzwischen| früher)?|"
        r"heiße(?: jetzt| nun| inzwischen)?|(?:heißt|hieß)(?: jetzt| nun| früher| aber)?|"
        r"genannt|(?:auf|unter) (?:den|dem) namen?|im (?:namen|auftrag) von|namens|karteninhaber(?:in)?(?: ist|:)|"
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
        r"\b(?:hier (?:(?:ist |spricht )?(?:noch ?mal|noch einmal|wieder)|ist|spricht|"
        r"am apparat(?: ist)?)(?= (?!der |die |das ))|sie sprechen mit|(?:da|"
        r"drauf) ste(?:ht|hen)|steht (?:aber|da|drauf)|stand (?:da|drauf)|spreche ich mit|"
        r"(?:gesprochen|telefoniert|verbunden|sprechen|reden) mit|am apparat(?: ist)?|mit wem\? mit|"
        r"unterschrieben von|laut|(?:frag(?:en|t|e)?|rufen) sie (?:bitte )?nach|frag(?:e|t|en)? nach|"
        r"zu händen(?: von)?|z ?hd\.?|"
        r"(?:im|per) (?:chat|gespräch|telefonat|kontakt) mit|(?:kontakt|chat|gespräch|telefonat|termin) mit|"
        r"es war|war das|das war|war es|ist das(?= \w+\??$)|sind sie(?= \w+(?: \w+)?\??$)|bei(?= \w+ (?:klingeln|"
        r"abgeben|melden|angestellt|gebucht))|"
        r"(?:können|könnten|würden|wollen) sie(?= \w+ (?:sagen|ausrichten|bitten|geben|bescheid|anrufen))|"
        r"(?:schreiben|schicken|sagen|geben|mailen|richten|melden) sie(?= \w+ (?:eine?n?|das|es|bitte|dass|unter|"
        r"über|aus))|"
        r"(?:läuft|geht|ging|ausgestellt|gebucht|angemeldet|registriert|reserviert|zugelassen|eingetragen) (?:auf|"
        r"für|unter)|"
        r"(?:versichert|vertreten|betreut|bevollmächtigt|empfohlen|behandelt|angerufen|beraten|bedient) (?:von|durch)|"
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
        r"monteur|fahrer(?:in)?|vermieter(?:in)?|mieter(?:in)?|sachbearbeiter(?:in)?|onkel|tante|neffe|nichte|vorgesetzte[rn]?|"
        r"teamleiter(?:in)?|kundenberater(?:in)?|steuerberater(?:in)?|rechtsanwalt|rechtsanwältin|anwalt|anwältin|hausverwalter(?:in)?|hausmeister(?:in)?|"
        r"enkel(?:in|kind)?|großmutter|großvater|schwiegermutter|schwiegervater|schwägerin|cousin(?:e)?|mitbewohner(?:in)?|pfleger(?:in)?|"
        r"hausarzt|hausärztin|zahnarzt|zahnärztin|verlobte[rn]?|ex-?mann|ex-?frau|zeuge|zeugin|unfallgegner(?:in)?|beifahrer(?:in)?|"
        r"kumpel|kleine[rn]?|große[rn]?|dame|jung[e]?|mädel|lebensgefährt(?:e|in)|schwager|"
        r"assistent(?:in)?))[\s,]+(?:ist |war |heißt |hieß )?"
    )
)
_DOUBTED = re.compile(
    pattern(
        r"\b(?:nicht|sondern|statt|anstatt|richtig (?:ist|wäre|heißt es)(?: aber)?|gemeint (?:ist|war)|meinte?|"
        r"müsste|sollte|"
        r"(?:muss|soll|müsste|sollte|könnte|dürfte) (?:aber )?(?:heißen|lauten)|sie haben|da steht|dort steht|"
        r"steht|stand|"
        r"oder vielleicht|oder auch|und zwar|nämlich|(?:nach|vor|familien)name|(?:über|von|gegen|mit|für) (?:den |"
        r"die )?(?=\w+ (?:der|die|weil|nicht|bitte)\b))[\s,:]+"
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
_INDEFINITE = german("ein eine einen einem einer kein keine keinen jeder jede")
_ROWS = RowWords(
    before=german(
        "der die das dem den des ein eine einen einem einer im am in aus nach zur zum vom beim bei auf unser",
        "unsere ihre",
        "ihren ihrer ihrem meine meinen meiner meinem mein kein keine diese dieser dieses diesen jede",
    ),
    joining=frozenset("von van vom zu zum zur de der den da di del la le el al ten ter".split()),
    not_names=_NOT_NAMES,
    organisation=_ORGANISATION,
    saints=frozenset("sankt st san santa santo saint".split()),
    indefinite=_INDEFINITE,
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
    doubted=_DOUBTED,
    indefinite=_INDEFINITE,
    after_particles=german(
        "heide leyen berg burg linde weide au aue osten westen ende hagen horst thal tal höh heyde decken recke hardt",
        "bruch busch born brink wall wiese heydt lippe mark marwitz ohe ropp schulenburg see stein straten straeten",
        "lühe lancken groeben goltz mühlen boom meer bosch veen dijk berge haar vorst",
    ),
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
        r"hier(?=[\s,.!]*$|\s+(?:vom|von|aus|nochmal|noch|wieder)\b)|mein name|heißt (?:er|sie|der|die)\b|"
        r"mit (?:einem |zwei |scharfem )?(?:doppel[ -]?)?[a-zß](?=[\s,.?!]|$)|(?:ist |"
        r"und )?(?:mein|dein|ihr|sein|unser)(?:e|er|em|en|s)? (?:\w+ )?(?:frau|mann|tochter|sohn|mutter|vater|"
        r"bruders?|schwester|partner(?:in)?s?|freund(?:in)?|kolleg(?:e|in|en)|chef(?:in)?|nachbar(?:in|n)?|steuerberater(?:in)?|anwalt|anwältin|vermieter(?:in)?|"
        r"cousin(?:e)?|onkel|tante|neffe|nichte|betreuer(?:in)?|pfleger(?:in)?|hausarzt|ansprechpartner(?:in)?|"
        r"berater(?:in)?)\b|wollte (?:mich|zurückrufen)\b)"
    ),
    surely_named=re.compile(r"apparat|name"),
    initial=re.compile(r"[a-z]\.?"),
    spelt=re.compile(
        r"\b(?:buchstabiert|buchstabiere|geschrieben|schreibt man|schreibt sich|schreibe|also|das ist|"
        r"ist das)(?: das| es| ich| so)?[\s,:]+"
    ),
    known=known_names,
    in_case=_people_in,
)
