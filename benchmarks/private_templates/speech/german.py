"""German numbers, letters and alphabets (Germany, Austria, Switzerland)."""

from __future__ import annotations

from random import Random

from benchmarks.private_templates.speech.tongue import Tongue

_ONES = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def number(n: int) -> str:
    if n < 20:
        return _ONES[n]
    if n < 100:
        ten = _TENS[n // 10 - 2]
        return f"{_before(n % 10)}und{ten}" if n % 10 else ten
    if n < 1000:
        return f"{_before(n // 100)}hundert" + (number(n % 100) if n % 100 else "")
    return f"{_before(n // 1000)}tausend" + (number(n % 1000) if n % 1000 else "")


def _before(n: int) -> str:
    return "ein" if n == 1 else _ONES[n]


def year(rng: Random, n: int) -> str:
    if n >= 2000:
        return f"zweitausend{number(n - 2000)}" if n > 2000 else "zweitausend"
    short = number(n % 100) if n % 100 else "hundert"
    return short if rng.random() < 0.35 and n % 100 > 9 else f"neunzehnhundert{short if n % 100 else ''}"


def _repeated(rng: Random, word: str, times: int) -> str:
    if times == 2:
        return rng.choice((f"doppel-{word}", f"doppel {word}", f"zweimal die {word}", f"zwei mal {word}"))
    return rng.choice((f"dreimal die {word}", f"drei mal {word}", f"dreimal {word}"))


_OLD = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ",
        (
            "Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha Nordpol Otto "
            "Paula Quelle Richard Siegfried Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias Ärger "
            "Ökonom Übermut"
        ).split(),
        strict=True,
    )
)
_TOWNS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Ingelheim Jena Köln Leipzig München "
            "Nürnberg Offenbach Potsdam Quickborn Rostock Salzwedel Tübingen Unna Völklingen Wuppertal Xanten "
            "Ypsilon Zwickau"
        ).split(),
        strict=True,
    )
)

GERMAN = Tongue(
    digits=tuple((word, "zwo", "zwo") if word == "zwei" else (word,) for word in _ONES[:10]),
    number=number,
    year=year,
    letter_names={"Y": "ypsilon", "ß": "scharfes s", "Ä": "a umlaut", "V": "vau", "W": "we", "J": "jot"},
    alphabets=(_OLD, _OLD, _TOWNS),
    links=("wie", "wie", "wie", "für"),
    fillers=("ähm", "äh", "dann", "und dann", "moment", "also"),
    corrections=("nein", "nee", "quatsch", "entschuldigung", "äh nein"),
    repeated=_repeated,
    plus="plus",
    at=("at", "ät", "klammeraffe"),
    dot="punkt",
    dash=("minus", "bindestrich"),
    underscore=("unterstrich",),
    joint="und",
)
