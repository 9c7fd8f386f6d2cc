"""Names, streets, towns and e-mail addresses by locale: Faker's, and streets and towns as a country really has them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from faker import Faker

from benchmarks.private_templates import unlisted_names, unusual_people

UNLISTED = 1 / 3
"""Share of people whose last name is not Faker's: redaction's own lists of names may have been made from Faker's."""
TITLES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"f": ("mrs", "ms", "miss"), "m": ("mr", "mister")},
    "de": {"f": ("Frau",), "m": ("Herr",)},
    "es": {"f": ("señora",), "m": ("señor",)},
}
PARTICLES = frozenset("van der den de la del los las von vom und zu zur am ten".split())
"""Between and before the parts of a last name, in lower case as they are written there."""
PETS = {
    "en": ("biscuit", "mister whiskers", "rover", "daisy", "patch", "snowball"),
    "de": ("Bello", "Minka", "Schnuffel", "Waldi", "Mohrle", "Krümel"),
    "es": ("canela", "luna", "toby", "pelusa", "rocco", "nube"),
}
MEMORABLE = {
    "en": ("lighthouse", "strawberry", "thunderbird", "pineapple", "velvet"),
    "de": ("Leuchtturm", "Schmetterling", "Pusteblume", "Sternschnuppe", "Kirschbaum"),
    "es": ("mariposa", "girasol", "campanario", "relámpago", "castañuela"),
}
_MAIL_HOSTS = {
    "en": ("gmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com", "icloud.com", "btinternet.com"),
    "de": ("gmx.de", "web.de", "t-online.de", "gmail.com", "gmx.at", "bluewin.ch"),
    "es": ("gmail.com", "hotmail.com", "hotmail.es", "yahoo.es", "outlook.es", "prodigy.net.mx"),
}
_ROADS = {
    "GB": (
        "High Street",
        "Station Road",
        "Mill Lane",
        "Church Close",
        "Victoria Avenue",
        "The Crescent",
        "Elm Grove",
        "Kings Drive",
    ),
    "US": (
        "Maple Avenue",
        "Oak Street",
        "Lincoln Boulevard",
        "Sunset Drive",
        "Cedar Court",
        "5th Avenue",
        "Old Mill Road",
    ),
    "IE": ("Main Street", "Shannon Park", "Castle Road", "Seaview Terrace"),
    "IN": ("MG Road", "Nehru Nagar", "Gandhi Street", "Lake View Road"),
    "DE": (
        "Hauptstraße",
        "Lindenweg",
        "Am Mühlbach",
        "Bahnhofstraße",
        "Schillerallee",
        "Alte Gasse",
        "Birkenring",
        "Kirchplatz",
    ),
    "AT": ("Mariahilfer Straße", "Dorfplatz", "Wiener Gasse", "Feldweg"),
    "CH": ("Seestrasse", "Dorfstrasse", "Rebweg", "Bergacker"),
    "ES": (
        "calle Mayor",
        "avenida de la Constitución",
        "calle del Olmo",
        "plaza de España",
        "paseo de la Estación",
        "camino Viejo",
    ),
    "MX": ("calle Hidalgo", "avenida Insurgentes", "calle Benito Juárez", "privada Las Flores"),
    "AR": ("calle Belgrano", "avenida San Martín", "Rivadavia", "pasaje Los Sauces"),
}
_ROAD_WORDS = (
    "Road",
    "Road",
    "Street",
    "Street",
    "Lane",
    "Avenue",
    "Close",
    "Drive",
    "Way",
    "Court",
    "Terrace",
    "Gardens",
)
_SAID = {"C. ": "calle ", "Av. ": "avenida ", "Cl. ": "calle ", "Pje. ": "pasaje ", "Ing. ": "ingeniero "}
"""What Faker abbreviates and nobody says so."""
_TOWNS = {
    "GB": (
        "Leeds",
        "Stockport",
        "Bath",
        "Reading",
        "Swansea",
        "Kirkcaldy",
        "Milton Keynes",
        "Worthing",
        "Hull",
        "Bury St Edmunds",
        "Wigan",
        "Newcastle upon Tyne",
        "Rugby",
        "Poole",
    ),
    "US": (
        "Springfield",
        "Dayton",
        "Boulder",
        "Baton Rouge",
        "Tacoma",
        "Salem",
        "Fort Worth",
        "Phoenix",
        "Des Moines",
        "Mesa",
        "Little Rock",
        "Toledo",
        "Santa Rosa",
    ),
    "IE": ("Galway", "Sligo", "Dún Laoghaire", "Athlone", "Naas", "Bray", "Letterkenny"),
    "IN": ("Pune", "Nagpur", "Jaipur", "Kochi", "Lucknow", "Indore", "Mysore"),
    "DE": ("Kassel", "Bad Homburg", "Bochum", "Rosenheim", "Halle", "Emden", "Tübingen", "Castrop-Rauxel"),
    "AT": ("Graz", "Wels", "Sankt Pölten", "Bregenz"),
    "CH": ("Winterthur", "Thun", "Chur", "Wil"),
    "ES": ("Getafe", "Badajoz", "San Sebastián", "Lorca", "Vigo", "Alcalá de Henares"),
    "MX": ("Puebla", "Monterrey", "Tlaquepaque", "Mérida"),
    "AR": ("Rosario", "Mendoza", "La Plata", "Bahía Blanca"),
}


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    second_last: str
    """Spanish speakers' mother's name; empty elsewhere and where it is left out."""
    gender: str
    unlisted: bool = False
    """The last name stands in no list of Faker's."""

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.first, self.last, self.second_last) if part)


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


def person(rng: Random, locale: str, gender: str | None = None) -> Person:
    fake = _seeded(rng, locale)
    gender = gender or rng.choice("fm")
    unlisted = rng.random() < UNLISTED and locale[:2] in unlisted_names.LAST
    first = fake.first_name_female() if gender == "f" else fake.first_name_male()
    second = fake.last_name() if locale.startswith("es") and rng.random() < 0.5 else ""
    if unlisted and rng.random() < 0.5:
        first = rng.choice(unlisted_names.FIRST[locale[:2], gender])
    last = rng.choice(unlisted_names.LAST[locale[:2]]) if unlisted else fake.last_name()
    return Person(first, last, second, gender, unlisted)


def unusual_person(rng: Random, locale: str, style: str, gender: str | None = None) -> Person:
    """``style``: one of unusual_people.STYLES."""
    gender, language = gender or rng.choice("fm"), locale[:2]
    if style == "foreign":
        usual = person(rng, unusual_people.elsewhere(rng, language), gender)
        return Person(usual.first, usual.last, "", gender)
    usual = person(rng, locale, gender)
    if style == "ordinary":
        first, last = unusual_people.ordinary(rng, language, gender)
        return Person(first, last, "", gender)
    if style == "particle":
        return Person(usual.first, unusual_people.with_particle(rng, language), "", gender)
    doubled = f"{usual.last}-{last_name(rng, locale)}"
    if rng.random() < 0.5 and language != "es":
        return Person(usual.first, doubled, "", gender)
    return Person(unusual_people.doubled_first(rng, language, gender), usual.last, usual.second_last, gender)


def last_name(rng: Random, locale: str) -> str:
    return str(_seeded(rng, locale).last_name())


def road(rng: Random, locale: str) -> str:
    """Without the number. Half are the country's everyday ones; half are made of names, in English by what streets
    there are called (Faker has "Wilson Cape" and "Jones Streets"), elsewhere by Faker."""
    if rng.random() < 0.5:
        return rng.choice(_ROADS[locale[3:]])
    if locale.startswith("en"):
        return f"{last_name(rng, locale)} {rng.choice(_ROAD_WORDS)}"
    name = str(_seeded(rng, locale).street_name())
    for short, said in _SAID.items():
        name = name.replace(short, said)
    return name


def town(rng: Random, locale: str) -> str:
    """Faker invents English towns ("South Abdul"), so those are all real ones."""
    if locale.startswith("en") or rng.random() < 0.6:
        return rng.choice(_TOWNS[locale[3:]])
    return str(_seeded(rng, locale).city())


def mailbox(rng: Random, locale: str) -> tuple[str, str]:
    """Local part (a-z, 0-9, ``._-``) and host."""
    whose = person(rng, locale)
    first, last = _plain(whose.first), _plain(whose.last)
    number = str(rng.randint(1, 99)) if rng.random() < 0.7 else str(rng.randint(1955, 2005))
    local = rng.choice(
        (
            f"{first}.{last}",
            f"{first[0]}.{last}",
            f"{first}{number}",
            f"{first}_{last}",
            f"{last}-{first}",
            f"{last}{number}",
        )
    )
    return local, rng.choice(_MAIL_HOSTS[locale[:2]])


def _plain(name: str) -> str:
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.lower().replace(umlaut, written)
    bare = unicodedata.normalize("NFD", name)
    return "".join(one for one in bare if "a" <= one <= "z") or "info"


def _seeded(rng: Random, locale: str) -> Faker:
    fake = _faker(locale)
    fake.seed_instance(rng.getrandbits(63))
    return fake
