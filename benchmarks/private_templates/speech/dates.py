"""Birth dates, expiry dates and appointments as they are said and written."""

from __future__ import annotations

from datetime import date
from random import Random

from benchmarks.private_templates.speech.tongue import Tongue

MONTHS = {
    "en": "january february march april may june july august september october november december".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_EN_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_DE_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def full_date(day: date, before: str, locale: str, rng: Random, tongue: Tongue) -> str:
    """``before`` is what stands before it: after "am" and "the" people go on differently."""
    match locale[:2]:
        case "de":
            return _german(day, before.rstrip().endswith("am"), locale, rng, tongue)
        case "es":
            return _spanish(day, rng, tongue)
        case _:
            return _english(day, before.rstrip().endswith("the"), locale, rng, tongue)


def english_ordinal(n: int) -> str:
    if n <= 20:
        return _EN_ORDINALS[n - 1]
    return "thirtieth" if n == 30 else f"{'twenty' if n < 30 else 'thirty'} {_EN_ORDINALS[n % 10 - 1]}"


def german_ordinal(n: int, ending: str, tongue: Tongue) -> str:
    if n < 20:
        return _DE_ORDINALS.get(n, f"{tongue.number(n)}t") + ending
    return f"{tongue.number(n)}st{ending}"


def _english(day: date, after_the: bool, locale: str, rng: Random, tongue: Tongue) -> str:
    month, year = MONTHS["en"][day.month - 1].capitalize(), tongue.year(rng, day.year)
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    ordinal = english_ordinal(day.day)
    ways = [f"{ordinal} of {month} {year}", f"{day.day}{suffix} of {month} {day.year}", f"{ordinal} {month} {day.year}"]
    if not after_the:
        first, second = (day.month, day.day) if locale == "en_US" else (day.day, day.month)
        ways += [
            f"{month} {ordinal} {year}",
            f"{month} {day.day}, {day.year}",
            f"{first:02d}/{second:02d}/{day.year}",
            f"{tongue.number(first)} {tongue.number(second)} {year}",
            f"{tongue.pair(rng, f'{first:02d}')} {tongue.pair(rng, f'{second:02d}')} {tongue.number(day.year % 100)}",
            f"the {ordinal} of the {english_ordinal(day.month)} {year}",
        ]
    return rng.choice(ways)


def _german(day: date, after_am: bool, locale: str, rng: Random, tongue: Tongue) -> str:
    month, year, ending = MONTHS["de"][day.month - 1], tongue.year(rng, day.year), "en" if after_am else "er"
    month = "Jänner" if locale == "de_AT" and day.month == 1 else month
    ordinal = german_ordinal(day.day, ending, tongue)
    return rng.choice(
        (
            f"{ordinal} {month} {year}",
            f"{ordinal} {german_ordinal(day.month, ending, tongue)} {year}",
            f"{ordinal} {german_ordinal(day.month, ending, tongue)} {day.year}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day.day:02d}.{day.month:02d}.{day.year % 100:02d}",
            f"{day.day}. {month} {day.year}",
            f"{tongue.pair(rng, f'{day.day:02d}')} {tongue.pair(rng, f'{day.month:02d}')} {year}",
        )
    )


def _spanish(day: date, rng: Random, tongue: Tongue) -> str:
    month, year, number = MONTHS["es"][day.month - 1], tongue.year(rng, day.year), tongue.number(day.day)
    return rng.choice(
        (
            f"{number} de {month} de {year}",
            f"{number} de {month} del {year}",
            f"{number} del {tongue.number(day.month)} del {year}",
            f"{number} del {tongue.number(day.month)} de {year}",
            f"{day.day} de {month} de {day.year}",
            f"{day.day:02d}/{day.month:02d}/{day.year}",
            f"{number} {tongue.number(day.month)} {year}",
        )
    )


def day_in_the_year(day: date, before: str, locale: str, rng: Random, tongue: Tongue) -> str:
    """An appointment: without the year."""
    match locale[:2]:
        case "de":
            month, ending = MONTHS["de"][day.month - 1], "en" if before.rstrip().endswith(("am", "vom")) else "er"
            ordinal = german_ordinal(day.day, ending, tongue)
            return rng.choice(
                (f"{ordinal} {month}", f"{day.day}. {month}", f"{ordinal} {german_ordinal(day.month, ending, tongue)}")
            )
        case "es":
            month = MONTHS["es"][day.month - 1]
            return rng.choice((f"{tongue.number(day.day)} de {month}", f"{day.day} de {month}"))
        case _:
            month = MONTHS["en"][day.month - 1].capitalize()
            ordinal = english_ordinal(day.day)
            return rng.choice((f"{ordinal} of {month}", f"{month} {day.day}", f"{month} {ordinal}"))


def expiry(month: int, year: int, locale: str, rng: Random, tongue: Tongue) -> str:
    language = locale[:2]
    name, short = MONTHS[language][month - 1], year % 100
    two, spoken = tongue.pair(rng, f"{month:02d}"), tongue.number(short)
    ways = [f"{month:02d}/{short}", f"{month:02d}/{year}", f"{two} {spoken}", f"{tongue.number(month)} {spoken}"]
    ways += [f"{month:02d} {short}", f"{name.capitalize() if language != 'es' else name} {year}"]
    match language:
        case "de":
            ways += [
                f"{name} {spoken}",
                f"{german_ordinal(month, 'er', tongue)} {tongue.year(rng, year)}",
                f"{two} {tongue.year(rng, year)}",
            ]
        case "es":
            ways += [f"{name} del {spoken}", f"{tongue.number(month)} del {spoken}", f"{name} de {tongue.number(year)}"]
        case _:
            ways += [f"{name.capitalize()} twenty {spoken}", f"{two} slash {spoken}", f"{two} stroke {spoken}"]
    return rng.choice(ways)


def clock(rng: Random, language: str, tongue: Tongue) -> str:
    hour, quarter = rng.randint(8, 18), rng.choice((0, 15, 30, 45))
    number = tongue.number
    if rng.random() < 0.4:
        return f"{hour}:{quarter:02d}" + (" Uhr" if language == "de" else "")
    match language:
        case "de":
            return f"{number(hour)} Uhr" + (f" {number(quarter)}" if quarter else "")
        case "es":
            return (
                number((hour - 1) % 12 + 1)
                + {0: "", 15: " y cuarto", 30: " y media", 45: " y cuarenta y cinco"}[quarter]
            )
        case _:
            return number((hour - 1) % 12 + 1) + (f" {number(quarter)}" if quarter else " o'clock")
