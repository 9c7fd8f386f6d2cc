"""Spanish numbers, letters and alphabets (Spain and America)."""

from __future__ import annotations

from random import Random

from benchmarks.private_templates.speech.tongue import Tongue

_ONES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
).split()
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_HUNDREDS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()


def number(n: int) -> str:
    if n < 30:
        return _ONES[n]
    if n < 100:
        return f"{_TENS[n // 10 - 3]} y {_ONES[n % 10]}" if n % 10 else _TENS[n // 10 - 3]
    if n < 1000:
        return "cien" if n == 100 else _HUNDREDS[n // 100 - 1] + (f" {number(n % 100)}" if n % 100 else "")
    head = "mil" if n < 2000 else f"{_ONES[n // 1000]} mil"
    return head + (f" {number(n % 1000)}" if n % 1000 else "")


def year(rng: Random, n: int) -> str:
    return number(n % 100) if n % 100 > 10 and n < 2000 and rng.random() < 0.35 else number(n)


def _repeated(rng: Random, word: str, times: int) -> str:
    if times == 2:
        return rng.choice((f"doble {word}", f"dos veces {word}"))
    return rng.choice((f"triple {word}", f"tres veces {word}"))


_PLACES = dict(
    zip(
        "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
        (
            "almería barcelona cáceres dinamarca españa francia gerona huelva italia jaén kilo lugo madrid "
            "navarra ñandú oviedo palencia queso roma sevilla toledo uruguay valencia washington xilófono yegua "
            "zaragoza"
        ).split(),
        strict=True,
    )
)
_PEOPLE = dict(
    zip(
        "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
        (
            "antonio burgos carmen dado enrique foca gato historia inés josé kiosco lorenzo mamá navidad ñoño oso "
            "pedro querido ramón sábado tomate uva vaca whisky xilófono yate zapato"
        ).split(),
        strict=True,
    )
)
_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
        (
            "a be ce de e efe ge hache i jota ka ele eme ene eñe o pe cu erre ese te u uve uve_doble equis "
            "i_griega zeta"
        ).split(),
        strict=True,
    )
)

SPANISH = Tongue(
    digits=tuple((word,) for word in _ONES[:10]),
    number=number,
    year=year,
    letter_names={letter: name.replace("_", " ") for letter, name in _NAMES.items()},
    alphabets=(_PLACES, _PEOPLE),
    links=("de", "de", "como", "de"),
    fillers=("eh", "este", "y", "y luego", "a ver", "espere"),
    corrections=("no perdón", "perdón", "digo", "no no", "ay no"),
    repeated=_repeated,
    plus="más",
    at=("arroba",),
    dot="punto",
    dash=("guion", "guión medio"),
    underscore=("guion bajo", "barra baja"),
    joint="y",
)
