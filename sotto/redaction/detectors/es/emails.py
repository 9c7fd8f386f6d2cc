"""How e-mail and web addresses are read out in Spanish: "ana punto garcía arroba gmail punto com", "guion bajo"."""

from __future__ import annotations

from sotto.redaction.detectors.es.number_words import HUNDREDS, REPEATS, TEENS, TENS, UNITS
from sotto.redaction.detectors.es.spelling import LETTER_NAMES, LIKE
from sotto.redaction.detectors.es.words import spanish, spanish_map
from sotto.redaction.detectors.spoken.emails import EmailWords

EMAIL_WORDS = EmailWords(
    says=spanish_map(
        {
            "arroba": "at",
            "aroba": "at",
            "arrobas": "at",
            "@": "at",
            "punto": "dot",
            "guión": "dash",
            "barra": "slash",
            "subguión": "underscore",
        }
    ),  # fmt: skip
    dots_in_domains=frozenset({"."}),
    joints=spanish("dot dash hyphen underscore plus"),
    split_joints=frozenset({("dash", "bajo"), ("dash", "medio"), ("raya", "baja"), ("raya", "al")}),
    providers=spanish("gmail googlemail yahoo hotmail outlook icloud telefonica terra live msn protonmail movistar"),
    split_providers=frozenset({("g", "mail"), ("hot", "mail"), ("i", "cloud"), ("jota", "mail")}),
    domain_endings=spanish("com es net org mx ar cl co pe eu"),
    web_endings=spanish("com net org mx"),
    spelled_web_endings=frozenset({("c", "o", "m"), ("com", "mx")}),
    not_in_a_name=spanish(
        "es el la los las mi su tu me a le que y o si sí no vale de correo electrónico email mail dirección e",
        "enviar envíe",
        "mandar escribir escriba por favor un una sería entonces en con para claro pues bueno apunte eh este ok perdón",
        "anote tome nota correcto exacto soy tengo otra vez al",
    ),
    characters=frozenset({*UNITS, *TEENS, *TENS, *HUNDREDS, *REPEATS, *LETTER_NAMES, "mayuscula", "minuscula"}),
    like=LIKE,
    words_of_one_letter=frozenset("aeouyi"),
    letters=LETTER_NAMES,
)
