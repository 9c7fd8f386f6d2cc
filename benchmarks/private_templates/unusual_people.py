"""People whose names are hard to tell by their look: ordinary words, several parts, from elsewhere."""

from __future__ import annotations

from random import Random

STYLES = ("ordinary", "particle", "double", "foreign")

_ORDINARY_FIRST = {
    ("en", "f"): "Rose Hope Grace Joy Faith Dawn June May April Summer Ivy Daisy Patience Honey Melody Penny".split(),
    ("en", "m"): "Mark Will Art Bill Frank Jack Rob Chase Grant Rich Hunter Mason Guy Drew Miles Dean".split(),
    ("de", "f"): "Rosa Heide Linde Viola Melodie Sonne Flora Jasmin Perle Erika".split(),
    ("de", "m"): "Mark Ernst Frank Wolf Falk Christian Till Kai Claus Bär".split(),
    ("es", "f"): "Rosa Luz Sol Dolores Consuelo Pilar Mercedes Concepción Esperanza Soledad Nieves Blanca Paz".split(),
    ("es", "m"): "Ángel Salvador Jesús León Máximo Justo Amado Clemente Domingo Modesto".split(),
}
_ORDINARY_LAST = {
    "en": (
        "Young King Cook Baker Banks Bush Rice Long Short White Green Black Brown Stone Woods Fields Day Knight Price "
        "Best Small Moody Love Church Field Hill Wells Bell Fox Cross Park Marsh Swift Rivers Savage Pope Power"
    ).split(),
    "de": (
        "Klein Groß Lang Kurz Schwarz Weiß Braun Koch Bauer Schneider Winter Sommer Herbst Kaiser König Berg Stein "
        "Bach Wald Vogel Fuchs Wolf Sauer Jung Alt Reich Richter Kraft Busch Stark Engel Ernst Freitag Sonntag Wenig"
    ).split(),
    "es": (
        "Cruz Flores Ríos Torres Castillo Reyes Rey Blanco Rubio Moreno Delgado Calvo Bravo Leal Gallego Cabezas "
        "Cuesta Fuentes Iglesias Campos Prado Vega Mora Peña Nieto Hidalgo Guerrero Bueno Redondo Seco"
    ).split(),
}
_PARTICLE_LAST = {
    "en": (
        "van der Berg",
        "de Souza",
        "O'Callaghan",
        "McAllister",
        "St John",
        "van Houten",
        "de la Mare",
        "Fitz William",
        "Le Roux",
        "Mac Donald",
        "D'Angelo",
    ),
    "de": (
        "von der Heide",
        "van den Boom",
        "von Ahlefeld",
        "zu Hohenlohe",
        "de Vries",
        "vom Bruch",
        "von und zu Gilsa",
        "zur Mühlen",
        "am Ende",
        "ten Brink",
    ),
    "es": (
        "de la Fuente",
        "del Río",
        "de la Torre",
        "de los Santos",
        "del Valle",
        "de Miguel",
        "San Martín",
        "de las Heras",
        "del Pozo",
        "Ponce de León",
    ),
}
_DOUBLE_FIRST = {
    ("en", "f"): ("Mary Ann", "Anne-Marie", "Sarah Jane", "Billie-Jo"),
    ("en", "m"): ("John Paul", "Billy Ray", "Jean-Luc", "Tommy Lee"),
    ("de", "f"): ("Anne-Kathrin", "Eva Maria", "Marie-Luise", "Hanna Lena"),
    ("de", "m"): ("Hans-Peter", "Karl Heinz", "Klaus-Dieter", "Franz Josef"),
    ("es", "f"): ("María José", "Ana Belén", "María del Carmen", "Rosa María", "María de los Ángeles"),
    ("es", "m"): ("José Luis", "Juan Carlos", "Miguel Ángel", "José Antonio", "Juan de Dios"),
}
_ELSEWHERE = {
    "en": ("pl_PL", "it_IT", "fr_FR", "tr_TR", "pt_PT", "nl_NL", "de_DE", "es_ES"),
    "de": ("pl_PL", "it_IT", "fr_FR", "tr_TR", "hr_HR", "nl_NL", "en_GB", "es_ES"),
    "es": ("pl_PL", "it_IT", "fr_FR", "pt_PT", "ro_RO", "nl_NL", "en_GB", "de_DE"),
}


def ordinary(rng: Random, language: str, gender: str) -> tuple[str, str]:
    """First and last name; both are words that one says without meaning anybody."""
    return rng.choice(_ORDINARY_FIRST[language, gender]), rng.choice(_ORDINARY_LAST[language])


def with_particle(rng: Random, language: str) -> str:
    """A last name of several words."""
    return rng.choice(_PARTICLE_LAST[language])


def doubled_first(rng: Random, language: str, gender: str) -> str:
    return rng.choice(_DOUBLE_FIRST[language, gender])


def elsewhere(rng: Random, language: str) -> str:
    """A locale of Faker's that speaks another language and writes Latin letters."""
    return rng.choice(_ELSEWHERE[language])
