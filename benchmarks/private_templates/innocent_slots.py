"""Numbers that are nobody's: amounts, quantities, dates of appointments, articles."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.private_templates import numbers
from benchmarks.private_templates.speaker import Segment, SpeakerBase
from benchmarks.private_templates.speech import dates
from benchmarks.private_templates.speech.codes import speak_code
from benchmarks.private_templates.speech.tongue import words
from benchmarks.private_templates.templates import Place

_MONEY = {
    "GB": ("pounds", "£{}", "pence"),
    "US": ("dollars", "${}", "cents"),
    "IE": ("euro", "€{}", "cent"),
    "IN": ("rupees", "₹{}", "paise"),
    "DE": ("Euro", "{} Euro", "Cent"),
    "AT": ("Euro", "{} Euro", "Cent"),
    "CH": ("Franken", "{} Franken", "Rappen"),
    "ES": ("euros", "{} euros", "céntimos"),
    "MX": ("pesos", "{} pesos", "centavos"),
    "AR": ("pesos", "{} pesos", "centavos"),
}


class InnocentSlots(SpeakerBase):
    def _plain(self, *ways: str) -> Segment:
        return Segment(None, words(self.rng.choice(ways)))

    def slot_amount(self, _: Place, __: str) -> Segment:
        whole, cents = self.rng.choice((self.rng.randint(3, 99), self.rng.randint(100, 2999))), self.rng.randint(1, 99)
        unit, written, small = _MONEY[self.country]
        number, joint, comma = self.tongue.number, self.tongue.joint, "." if self.language == "en" else ","
        return self._plain(
            f"{number(whole)} {unit}",
            f"{number(whole)} {unit} {number(cents)}",
            f"{number(whole)} {unit} {joint} {number(cents)} {small}",
            written.format(f"{whole}{comma}{cents:02d}"),
            written.format(whole),
        )

    def slot_count(self, _: Place, __: str) -> Segment:
        count = self.rng.choice((self.rng.randint(2, 12), self.rng.randint(13, 60)))
        return self._plain(str(count), self.tongue.number(count), self.tongue.number(count))

    def slot_percent(self, _: Place, __: str) -> Segment:
        share = self.rng.choice((5, 10, 12, 15, 20, 25, 30))
        word = {"en": "percent", "de": "Prozent", "es": "por ciento"}[self.language]
        return self._plain(f"{share} {word}", f"{self.tongue.number(share)} {word}")

    def slot_date(self, _: Place, before: str) -> Segment:
        day = date(2027, 1, 1) + timedelta(self.rng.randrange(365))
        return self._plain(dates.day_in_the_year(day, before, self.locale, self.rng, self.tongue))

    def slot_time(self, _: Place, __: str) -> Segment:
        return self._plain(dates.clock(self.rng, self.language, self.tongue))

    def slot_year(self, _: Place, __: str) -> Segment:
        year = self.rng.randint(1985, 2026)
        return self._plain(str(year), self.tongue.year(self.rng, year))

    def slot_article(self, _: Place, __: str) -> Segment:
        number = numbers.digits(self.rng, self.rng.choice((4, 5, 6)), first="123456789")
        return Segment(
            None, speak_code([number], self.rng.choice(("compact", "singles", "pairs")), self.rng, self.tongue)
        )

    def slot_order(self, _: Place, __: str) -> Segment:
        number = numbers.digits(self.rng, self.rng.choice((5, 6, 7)), first="123456789")
        return Segment(
            None, speak_code([number], self.rng.choice(("compact", "singles", "pairs")), self.rng, self.tongue)
        )

    def slot_model(self, _: Place, __: str) -> Segment:
        letters = self.rng.choice(("WM", "TX", "GS", "K", "HD"))
        number = str(self.rng.choice((self.rng.randint(2, 9) * 100, self.rng.randint(100, 9900))))
        way = self.rng.choice(("compact", "grouped", "singles", "pairs"))
        return Segment(None, speak_code([letters, number], way, self.rng, self.tongue))
