"""Who somebody is and where to find them: names, addresses, telephone numbers, e-mail."""

from __future__ import annotations

import re

from benchmarks.private_templates import addresses, numbers, people
from benchmarks.private_templates.speaker import Segment, SpeakerBase
from benchmarks.private_templates.speech.codes import by_alphabet, letter, repeated, some_way, speak_code
from benchmarks.private_templates.speech.tongue import Spoken, Token, words
from benchmarks.private_templates.templates import Place
from benchmarks.private_templates.unusual_people import STYLES
from sotto.tenants.redaction_rules import PrivateKind as Kind


class PersonalSlots(SpeakerBase):
    # Names

    def _person(self, which: str) -> people.Person:
        wanted = [
            place.way
            for place in self.template.places
            if place.slot in ("name", "first", "last") and place.which == which and place.way in ("f", "m")
        ]
        gender = wanted[0] if wanted else None
        styles = [place.way for place in self.template.places if place.which == which and place.way in STYLES]
        if styles:
            return self.once(f"person{which}", lambda: people.unusual_person(self.rng, self.locale, styles[0], gender))
        return self.once(f"person{which}", lambda: people.person(self.rng, self.locale, gender))

    def slot_name(self, place: Place, _: str) -> Segment:
        person = self._person(place.which)
        return Segment(Kind.NAME, self._parts_of(person.full), person.unlisted)

    def slot_first(self, place: Place, _: str) -> Segment:
        name = self._person(place.which).first
        if place.way == "initial":  # gives nobody away
            return Segment(None, letter(name[0].upper(), self.rng, self.tongue))
        return Segment(Kind.NAME, self._name_in(place.way, name))

    def slot_last(self, place: Place, _: str) -> Segment:
        person = self._person(place.which)
        if place.way == "initial":
            return Segment(None, letter(person.last[0].upper(), self.rng, self.tongue))
        return Segment(Kind.NAME, self._name_in(place.way, person.last), person.unlisted)

    def slot_title(self, place: Place, _: str) -> Segment:
        titles = people.TITLES[self.language][self._person(place.which).gender]
        return Segment(None, words(self.rng.choice(titles)))

    def _name_in(self, way: str, name: str) -> Spoken:
        return self._spelled(name) if way == "spelled" else self._parts_of(name)

    def _parts_of(self, name: str) -> Spoken:
        """ "de la", "von": what joins the parts gives nobody away."""
        return [Token(one, one.lower() not in people.PARTICLES) for one in name.split()]

    def _spelled(self, text: str) -> Spoken:
        """By letters, with hyphens, doubled letters or an alphabet; other signs by their names."""
        letters = [one if one == "ß" else one.upper() for one in text]
        way = self.rng.choice(("letters", "letters", "hyphens", "doubles", "alphabet", "alphabet", "bare"))
        if way == "hyphens":
            return [Token("-".join(one for one in letters if one.isalnum()))]
        alphabet, link = self.rng.randrange(len(self.tongue.alphabets)), self.rng.choice(self.tongue.links)
        spoken: Spoken = []
        for at, one in enumerate(letters):
            if not one.isalpha():
                spoken += [] if one == " " else [Token(self.rng.choice(self.tongue.dash), False)] if one == "-" else []
            elif way == "doubles" and letters[at + 1 : at + 2] == [one]:
                continue  # said with the next
            elif way == "doubles" and at and letters[at - 1] == one:
                spoken += repeated(one, 2, self.rng, self.tongue)
            elif way in ("alphabet", "bare"):
                spoken += by_alphabet(one, self.rng, self.tongue, alphabet=alphabet, link=link, bare=way == "bare")
            else:
                spoken += letter(one, self.rng, self.tongue)
        return spoken

    # Addresses

    def _house(self, which: str) -> str:
        tail = self.rng.choice(("", "", "", "", "a", "b"))
        return self.once(f"house{which}", lambda: f"{self.rng.randint(1, 249)}{tail}")

    def _road(self, which: str) -> str:
        return self.once(f"road{which}", lambda: people.road(self.rng, self.locale))

    def _spoken_house(self, which: str) -> Spoken:
        house = self._house(which)
        number = re.sub(r"\D", "", house)
        if self.rng.random() < 0.5:
            return [Token(house)]
        if self.language == "en" and len(number) == 3:
            said = f"{self.tongue.number(int(number[0]))} {self.tongue.pair(self.rng, number[1:])}"
        else:
            said = self.tongue.number(int(number))
        return words(f"{said} {house.removeprefix(number)}")

    def slot_house(self, place: Place, _: str) -> Segment:
        return Segment(Kind.ADDRESS, self._spoken_house(place.which))

    def slot_road(self, place: Place, _: str) -> Segment:
        road = self._road(place.which)
        return Segment(Kind.ADDRESS, self._spelled(road) if place.way == "spelled" else words(road))

    def slot_street(self, place: Place, _: str) -> Segment:
        road, house = words(self._road(place.which)), self._spoken_house(place.which)
        if self.language == "en":
            return Segment(Kind.ADDRESS, [*house, *road])
        between = ("", "", "", "nummer") if self.language == "de" else ("", "", "número")
        return Segment(Kind.ADDRESS, [*road, *words(self.rng.choice(between), is_value=False), *house])

    def slot_city(self, place: Place, _: str) -> Segment:
        town = self.once(f"town{place.which}", lambda: people.town(self.rng, self.locale))
        return Segment(Kind.ADDRESS, words(town))

    def slot_postcode(self, place: Place, _: str) -> Segment:
        groups = self.once(f"postcode{place.which}", lambda: numbers.postcode(self.rng, self.country))
        way = place.way or some_way(groups, self.rng)
        return Segment(Kind.POSTCODE, speak_code(groups, way, self.rng, self.tongue))

    def slot_flat(self, _: Place, __: str) -> Segment:
        return Segment(Kind.ADDRESS, _without_articles(self.rng.choice(addresses.FLATS[self.language])))

    def slot_pobox(self, _: Place, __: str) -> Segment:
        box, number = addresses.PO_BOX[self.language], str(self.rng.randint(11, 9999))
        said = number if self.rng.random() < 0.5 else self.tongue.number(int(number))
        return Segment(Kind.ADDRESS, [*words(self.rng.choice(box), is_value=False), *words(said)])

    def slot_housename(self, _: Place, __: str) -> Segment:
        return Segment(Kind.ADDRESS, _without_articles(self.rng.choice(addresses.HOUSE_NAMES[self.language])))

    def slot_village(self, place: Place, _: str) -> Segment:
        village = self.once(f"village{place.which}", lambda: self.rng.choice(addresses.VILLAGES[self.language]))
        return Segment(Kind.ADDRESS, words(village))

    def slot_address(self, place: Place, before: str) -> list[Segment]:
        street, town = self.slot_street(place, before), self.slot_city(place, before)
        code = self.slot_postcode(place, before)
        joint = Segment(
            None, words(self.rng.choice({"en": ("", "in"), "de": ("", "in"), "es": ("", "en")}[self.language]))
        )
        rest = [town, code] if self.language == "en" or self.rng.random() < 0.15 else [code, town]
        return [street, joint, *rest]

    # How to reach somebody

    def _phone(self, place: Place, kind: str) -> Segment:
        key = f"{place.slot}{place.which}"
        trunk, groups = self.once(key, lambda: numbers.phone(self.rng, self.country, kind))
        whole = [trunk + groups[0], *groups[1:]]
        return self.code(Kind.PHONE, place, "".join(whole), groups=whole)

    def slot_phone(self, place: Place, _: str) -> Segment:
        return self._phone(place, "land")

    def slot_mobile(self, place: Place, _: str) -> Segment:
        return self._phone(place, "mobile")

    def slot_phone_intl(self, place: Place, _: str) -> Segment:
        kind = self.rng.choice(("land", "mobile"))
        _, groups = self.once("phone_intl", lambda: numbers.phone(self.rng, self.country, kind))
        country = numbers.CALLING_CODES[self.country]
        nine = ["9"] if self.country == "AR" and kind == "mobile" else []
        way = some_way(groups, self.rng)
        if way in ("compact", "grouped") or self.rng.random() < 0.2:
            written = [Token(f"+{country}"), *(Token(one) for one in (*nine, *groups))]
            return Segment(Kind.PHONE, written)
        lead = words(self.tongue.plus, is_value=False)
        if self.rng.random() < 0.4:
            lead = speak_code(["00"], self.rng.choice(("singles", "doubles")), self.rng, self.tongue)
        return Segment(Kind.PHONE, [*lead, *speak_code([country, *nine, *groups], way, self.rng, self.tongue)])

    def slot_email(self, place: Place, _: str) -> Segment:
        local, host = self.once(f"email{place.which}", lambda: people.mailbox(self.rng, self.locale))
        if not place.way and self.rng.random() < 0.2:
            return Segment(Kind.EMAIL, [Token(f"{local}@{host}")])
        at = words(self.rng.choice(self.tongue.at), is_value=False)
        return Segment(Kind.EMAIL, [*self._mail_part(local, place.way), *at, *self._mail_part(host, "")])

    def _mail_part(self, text: str, way: str) -> Spoken:
        signs = {".": (self.tongue.dot,), "-": self.tongue.dash, "_": self.tongue.underscore}
        spoken: Spoken = []
        for part in re.findall(r"[a-z]+|\d+|[._-]", text):
            if part in signs:
                spoken += words(self.rng.choice(signs[part]), is_value=False)
            elif part.isdigit():
                spoken += speak_code([part], self.rng.choice(("compact", "singles", "pairs")), self.rng, self.tongue)
            else:
                spoken += self._spelled(part) if way == "spelled" and len(part) > 1 else words(part)
        return spoken

    def slot_ip(self, _: Place, __: str) -> Segment:
        parts = [str(self.rng.randint(1, 254)) for _ in range(4)]
        if self.rng.random() < 0.5:
            return Segment(Kind.NETWORK_ADDRESS, [Token(".".join(parts))])
        spoken: Spoken = []
        for part in parts:
            spoken += words(self.tongue.dot, is_value=False) if spoken else []
            spoken += words(self.tongue.number(int(part)))
        return Segment(Kind.NETWORK_ADDRESS, spoken)


def _without_articles(text: str) -> Spoken:
    """ "the" of "the ground floor flat" gives nothing away."""
    return [Token(word, word.lower() not in ("the", "im")) for word in text.split()]
