"""The generated numbers are valid by libraries that the generators do not use."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.at import vnr
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import ccc, dni, nie
from stdnum.ie import pps
from stdnum.mx import curp, rfc
from stdnum.us import rtn, ssn

from benchmarks.private_templates import numbers

MANY = 200


@pytest.mark.parametrize(
    ("made", "is_valid"),
    [
        (lambda rng: numbers.card(rng)[1], luhn.is_valid),
        (numbers.spanish_account, ccc.is_valid),
        (numbers.tax_id_de, idnr.is_valid),
        (numbers.insurance_at, vnr.is_valid),
        (numbers.insurance_ch, ahv.is_valid),
        (numbers.dni, dni.is_valid),
        (numbers.nie, nie.is_valid),
        (numbers.curp, curp.is_valid),
        (numbers.rfc, lambda text: rfc.is_valid(text, validate_check_digits=True)),
        (numbers.pps, pps.is_valid),
        (numbers.social_security_us, ssn.is_valid),
        (numbers.routing, rtn.is_valid),
    ],
)
def test_check_digits_are_right(made: Callable[[Random], str], is_valid: Callable[[str], bool]) -> None:
    rng = Random(7)
    wrong = [number for number in (made(rng) for _ in range(MANY)) if not is_valid(number)]
    assert not wrong


@pytest.mark.parametrize("country", ["DE", "AT", "ES", "GB", "FR"])
def test_ibans_are_valid_by_country(country: str) -> None:
    rng = Random(country)
    assert not [one for one in (numbers.iban(rng, country) for _ in range(MANY)) if not iban.is_valid(one)]


def test_cards_have_13_to_19_digits_and_the_brands_prefixes() -> None:
    rng = Random(1)
    cards = [numbers.card(rng) for _ in range(2000)]
    assert {len(number) for _, number in cards} >= {13, 14, 15, 16, 19}
    assert all(13 <= len(number) <= 19 for _, number in cards)
    assert all(number.startswith(("34", "37")) and len(number) == 15 for brand, number in cards if brand == "amex")
    assert {len(numbers.card(rng, length=16)[1]) for _ in range(MANY)} == {16}


def test_known_examples_of_rules_that_no_library_here_knows() -> None:
    # From the pension insurance's own example, 15 070649 C 10 3, and ICAO 9303's, L898902C3 6.
    weights, spread = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), "150706490310"
    crossed = [sum(divmod(int(one) * weight, 10)) for one, weight in zip(spread, weights, strict=True)]
    assert sum(crossed) % 10 == 3
    assert numbers.icao_check("L898902C3") == "6"
    for made in (numbers.pension_de(Random(seed)) for seed in range(MANY)):
        head, letter, tail = made[:8], made[8], made[9:11]
        spread = f"{head}{ord(letter) - 64:02d}{tail}"
        crossed = [sum(divmod(int(one) * weight, 10)) for one, weight in zip(spread, weights, strict=True)]
        assert made[11] == str(sum(crossed) % 10)


def test_clabes_and_spanish_social_security_numbers_check() -> None:
    weights = (3, 7, 1) * 6
    for seed in range(MANY):
        clabe, affiliation = numbers.clabe(Random(seed)), numbers.social_security_es(Random(seed))
        assert (
            sum(int(one) * weight % 10 for one, weight in zip(clabe[:17], weights, strict=False)) % 10
            == (10 - int(clabe[17])) % 10
        )
        assert int(affiliation[:10]) % 97 == int(affiliation[10:])


@pytest.mark.parametrize("country", sorted(numbers.CALLING_CODES))
@pytest.mark.parametrize("kind", ["land", "mobile"])
def test_telephone_numbers_have_the_country_s_shape(country: str, kind: str) -> None:
    rng = Random(country + kind)
    for _ in range(MANY):
        trunk, groups = numbers.phone(rng, country, kind)
        parsed = phonenumbers.parse(trunk + "".join(groups), country)
        assert phonenumbers.is_valid_number(parsed), groups
        assert parsed.country_code == int(numbers.CALLING_CODES[country])
