"""How e-mail and web addresses are read out in German: "anna punkt schmidt ät gmx punkt de", "Klammeraffe"."""

from __future__ import annotations

from sotto.redaction.detectors.de.number_words import REPEATS, TEENS, TENS, UNITS, is_number
from sotto.redaction.detectors.de.spelling import LETTER_NAMES
from sotto.redaction.detectors.de.words import german, german_map
from sotto.redaction.detectors.spoken.emails import EmailWords

EMAIL_WORDS = EmailWords(
    says=german_map(
        {
            "ät": "at",
            "äd": "at",
            "et": "at",
            "klammeraffe": "at",
            "klammeraffen": "at",
            "affenschwanz": "at",
            "@": "at",
            "affe": "at",
            "punkt": "dot",
            "bindestrich": "dash",
            "strich": "dash",
            "minus": "dash",
            "mittelstrich": "dash",
            "unterstrich": "underscore",
            "tiefstrich": "underscore",
            "schrägstrich": "slash",
        }
    ),  # fmt: skip
    dots_in_domains=frozenset({"."}),
    joints=german("dot dash hyphen underscore plus"),
    split_joints=frozenset({("under", "score"), ("unter", "dash")}),
    providers=german(
        "gmail googlemail gmx yahoo hotmail outlook icloud t-online tonline freenet posteo arcor aon bluewin mailbox"
    ),
    split_providers=frozenset(
        {
            ("g", "mail"),
            ("google", "mail"),
            ("hot", "mail"),
            ("i", "cloud"),
            ("g", "m", "x"),
            ("t", "online"),
            ("t", "dash", "online"),
            ("t", "-", "online"),
        }
    ),  # fmt: skip
    domain_endings=german("de com net org at ch eu info"),
    web_endings=german("de com net org ch eu info"),
    spelled_web_endings=frozenset({("c", "o", "m"), ("d", "e")}),
    not_in_a_name=german(
        "ist lautet die der das den meine mein ihre ihr unsere unser an mir mich uns auf ja nein e mail email adresse",
        "mailadresse schicken schreiben senden sie bitte und oder ein eine es wäre dann von im in schauen okay ok gut",
        "also äh ähm hm mit unter über per so nochmal ich bin habe geht lauten kommt zu für na klar hier wie",
    ),
    characters=frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *LETTER_NAMES}),
    like=german("wie"),
    words_of_one_letter=frozenset(),
    letters=LETTER_NAMES,
    is_number=is_number,
)
