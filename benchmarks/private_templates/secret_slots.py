"""Cards, accounts, identity numbers and what only the caller knows."""

from __future__ import annotations

import string
from datetime import date, timedelta

from benchmarks.private_templates import numbers, people
from benchmarks.private_templates.speaker import Segment, SpeakerBase, grouped
from benchmarks.private_templates.speech import dates
from benchmarks.private_templates.speech.tongue import words
from benchmarks.private_templates.templates import Place
from sotto.tenants.redaction_rules import PrivateKind as Kind


class SecretSlots(SpeakerBase):
    # Cards and accounts

    def _card(self, which: str = "") -> tuple[str, str]:
        sixteen = any(place.slot == "card" and place.parts > 1 for place in self.template.places) or any(
            word in self.template.text.lower() for word in ("sixteen", "sechzehn", "dieciséis", "viererbl")
        )
        return self.once(f"card{which}", lambda: numbers.card(self.rng, length=16 if sixteen else None))

    def slot_card(self, place: Place, _: str) -> Segment:
        brand, number = self._card(place.which)
        groups = [number[:4], number[4:10], number[10:]] if brand == "amex" else grouped(number, 4)
        return self.code(Kind.CARD_NUMBER, place, number, groups=groups)

    def slot_brand(self, _: Place, __: str) -> Segment:
        return Segment(None, words(self._card()[0]))

    def slot_ending(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.CARD_ENDING, place, lambda: numbers.digits(self.rng, 4))

    def slot_cvc(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SECURITY_CODE, place, lambda: numbers.digits(self.rng, 3))

    def slot_expiry(self, place: Place, _: str) -> Segment:
        month, year = self.once(f"expiry{place.which}", lambda: (self.rng.randint(1, 12), self.rng.randint(2027, 2034)))
        return Segment(Kind.CARD_EXPIRY, words(dates.expiry(month, year, self.locale, self.rng, self.tongue)))

    def slot_iban(self, place: Place, _: str) -> Segment:
        countries = {"en": ("GB", "GB", "FR"), "de": ("DE", "DE", "AT", "FR"), "es": ("ES", "ES", "ES", "FR")}
        country = "AT" if self.country == "AT" else self.rng.choice(countries[self.language])
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.iban(self.rng, country))

    def slot_account(self, place: Place, _: str) -> Segment:
        make = {
            "GB": lambda: numbers.digits(self.rng, 8),
            "IE": lambda: numbers.digits(self.rng, 8),
            "ES": lambda: numbers.spanish_account(self.rng),
            "DE": lambda: numbers.digits(self.rng, self.rng.choice((7, 9, 10)), first="123456789"),
        }.get(self.country, lambda: numbers.digits(self.rng, self.rng.choice((9, 10, 11)), first="123456789"))
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, make, 3 if self.country == "DE" else 4)

    def slot_sortcode(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.digits(self.rng, 6), 2)

    def slot_routing(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.routing(self.rng), 3)

    def slot_blz(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.digits(self.rng, 8, first="1234567"), 3)

    def slot_clabe(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.clabe(self.rng))

    def slot_member(self, place: Place, _: str) -> Segment:
        size = self.rng.choice((7, 8, 10))
        return self.plain_code(Kind.ACCOUNT_NUMBER, place, lambda: numbers.digits(self.rng, size), 3)

    def slot_policy(self, place: Place, _: str) -> Segment:
        def make() -> str:
            letters = "".join(self.rng.choice(string.ascii_uppercase) for _ in range(2))
            return letters + numbers.digits(self.rng, self.rng.choice((6, 7, 8)))

        return self.plain_code(Kind.ACCOUNT_NUMBER, place, make)

    # Identity

    def slot_ssn(self, place: Place, _: str) -> Segment:
        number = self.once("ssn", lambda: numbers.social_security_us(self.rng))
        groups = [number[:3], number[3:5], number[5:]]
        return self.code(Kind.SOCIAL_SECURITY, place, number, groups=groups)

    def slot_ssn_last(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.digits(self.rng, 4))

    def slot_ni(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.insurance_gb(self.rng), 2)

    def slot_pps(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.pps(self.rng), 4)

    def slot_steuer_id(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.tax_id_de(self.rng), 3)

    def slot_svnr(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.pension_de(self.rng), 2)

    def slot_svnr_at(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.insurance_at(self.rng))

    def slot_ahv(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.insurance_ch(self.rng), 4)

    def slot_nuss(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.SOCIAL_SECURITY, place, lambda: numbers.social_security_es(self.rng), 4)

    def slot_ausweis(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.identity_card_de(self.rng), 3)

    def slot_dni(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.dni(self.rng), 9)

    def slot_nie(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.nie(self.rng), 9)

    def slot_dni_ar(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.digits(self.rng, 8, first="1234"), 8)

    def slot_curp(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.curp(self.rng))

    def slot_rfc(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.rfc(self.rng))

    def slot_passport(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.IDENTITY_DOCUMENT, place, lambda: numbers.passport(self.rng, self.locale), 9)

    def slot_dob(self, place: Place, before: str) -> Segment:
        born = self.once(f"dob{place.which}", lambda: date(1935, 1, 1) + timedelta(self.rng.randrange(80 * 365)))
        return Segment(Kind.DATE_OF_BIRTH, words(dates.full_date(born, before, self.locale, self.rng, self.tongue)))

    # What is known only to the caller

    def slot_pin(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.PIN, place, lambda: numbers.digits(self.rng, 4))

    def slot_otp(self, place: Place, _: str) -> Segment:
        return self.plain_code(Kind.ONE_TIME_CODE, place, lambda: numbers.digits(self.rng, 6), 3)

    def slot_password(self, place: Place, _: str) -> Segment:
        word = self.once("password", lambda: self.rng.choice(people.MEMORABLE[self.language]))
        number = self.once("password number", lambda: self.rng.randint(10, 99))
        tail = self.rng.choice((str(number), self.tongue.number(number), ""))
        return Segment(Kind.PASSWORD, words(f"{word} {tail}"))

    def slot_maiden(self, place: Place, _: str) -> Segment:
        return Segment(Kind.SECURITY_ANSWER, words(people.last_name(self.rng, self.locale)))

    def slot_pet(self, place: Place, _: str) -> Segment:
        return Segment(Kind.SECURITY_ANSWER, words(self.rng.choice(people.PETS[self.language])))

    def slot_memorable(self, place: Place, _: str) -> Segment:
        return Segment(Kind.SECURITY_ANSWER, words(self.rng.choice(people.MEMORABLE[self.language])))

    def slot_birthtown(self, place: Place, _: str) -> Segment:
        return Segment(Kind.SECURITY_ANSWER, words(people.town(self.rng, self.locale)))
