"""Valid numbers of the kinds that people read out on the telephone, by country. Check digits by their published rules.

Written without the rules of ``sotto.redaction`` and without the libraries that those use: the tests compare both.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from random import Random

_LETTERS = string.ascii_uppercase
_BRANDS = {
    "visa": (("4",), (16, 16, 16, 16, 16, 13, 19)),
    "mastercard": (("51", "52", "53", "54", "55", "2221", "2345", "2720"), (16,)),
    "amex": (("34", "37"), (15,)),
    "discover": (("6011", "65"), (16,)),
    "maestro": (("5018", "5020", "6304", "6759"), (16, 17, 18)),
    "diners": (("36",), (14,)),
}
_NEVER_GB = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def digits(rng: Random, count: int, *, first: str = "0123456789") -> str:
    return rng.choice(first) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def card(rng: Random, *, length: int | None = None) -> tuple[str, str]:
    """The brand and a number of 13 to 19 digits that passes Luhn; of ``length`` digits where that is given."""
    brands = [name for name, (_, lengths) in _BRANDS.items() if length is None or length in lengths]
    common = [name for name in brands if name in ("visa", "mastercard")]
    brand = rng.choice(common * 3 + brands)
    prefixes, lengths = _BRANDS[brand]
    size = length or rng.choice(lengths)
    prefix = rng.choice(prefixes)
    body = prefix + digits(rng, size - len(prefix) - 1)
    return brand, body + _luhn(body)


def _luhn(body: str) -> str:
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(body))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def iban(rng: Random, country: str) -> str:
    """DE, AT, ES, GB or FR, with the national check digits that ES and FR have."""
    account = {
        "DE": lambda: digits(rng, 8, first="123456789") + digits(rng, 10),
        "AT": lambda: rng.choice(("12000", "20111", "32000", "60000")) + digits(rng, 11),
        "ES": lambda: spanish_account(rng),
        "GB": lambda: rng.choice(("NWBK", "BARC", "LOYD", "MIDL", "HBUK")) + digits(rng, 14),
        "FR": lambda: _french_account(rng),
    }[country]()
    return country + _mod97(account + country) + account


def _mod97(text: str) -> str:
    return f"{98 - int(''.join(str(int(one, 36)) for one in text + '00')) % 97:02d}"


def spanish_account(rng: Random) -> str:
    bank = rng.choice(("0049", "2100", "0182", "0081", "1465")) + digits(rng, 4)
    number = digits(rng, 10)
    return bank + _spanish_check("00" + bank) + _spanish_check(number) + number


def _spanish_check(ten: str) -> str:
    rest = 11 - sum(int(one) * 2**place for place, one in enumerate(ten)) % 11
    return str({10: 1, 11: 0}.get(rest, rest))


def _french_account(rng: Random) -> str:
    bank, branch, number = rng.choice(("20041", "30004", "30003")), digits(rng, 5), digits(rng, 11)
    return f"{bank}{branch}{number}{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(number)) % 97:02d}"


def clabe(rng: Random) -> str:
    body = rng.choice(("002", "012", "014", "072")) + digits(rng, 14)
    return body + str(-sum(int(one) * (3, 7, 1)[place % 3] % 10 for place, one in enumerate(body)) % 10)


def routing(rng: Random) -> str:
    body = f"{rng.randint(1, 12):02d}" + digits(rng, 6)
    return body + str(-sum(int(one) * (3, 7, 1)[place % 3] for place, one in enumerate(body)) % 10)


def tax_id_de(rng: Random) -> str:
    """Steuer-ID: ten digits of which exactly one stands twice, and ISO 7064 mod 11,10."""
    while True:
        ten = rng.sample(string.digits, 9)
        ten.insert(rng.randrange(10), rng.choice(ten))
        if ten[0] != "0":
            break
    product = 10
    for one in ten:
        total = (int(one) + product) % 10 or 10
        product = total * 2 % 11
    return "".join(ten) + str((11 - product) % 10)


def pension_de(rng: Random) -> str:
    """Sozialversicherungsnummer: area, birth date, first letter of the name, serial and check digit."""
    letter, birth = rng.choice("ABCDEFGHKLMNPRSTW"), f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}"
    head = rng.choice(("02", "10", "12", "15", "21", "50", "65")) + birth + f"{rng.randint(40, 99)}"
    serial = f"{rng.randint(0, 99):02d}"
    spread = head + f"{_LETTERS.index(letter) + 1:02d}" + serial
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    check = sum(_crossed(int(one) * weight) for one, weight in zip(spread, weights, strict=True)) % 10
    return head + letter + serial + str(check)


def _crossed(number: int) -> int:
    return sum(int(one) for one in str(number))


def identity_card_de(rng: Random) -> str:
    """Nine letters and digits (those that the card knows) and the check digit of ICAO 9303."""
    body = rng.choice("LMNPRTVWXYZCFGHJK") + "".join(rng.choice("CFGHJKLMNPRTVWXYZ0123456789") for _ in range(8))
    return body + icao_check(body)


def icao_check(body: str) -> str:
    return str(sum(int(one, 36) * (7, 3, 1)[place % 3] for place, one in enumerate(body)) % 10)


def insurance_at(rng: Random) -> str:
    """Austrian: serial, check digit, birth date."""
    while True:
        serial = digits(rng, 3, first="123456789")
        birth = f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{rng.randint(0, 99):02d}"
        check = sum(int(a) * w for a, w in zip(serial + birth, (3, 7, 9, 5, 8, 4, 2, 1, 6), strict=True)) % 11
        if check < 10:
            return serial + str(check) + birth


def insurance_ch(rng: Random) -> str:
    """AHV: an EAN-13 that begins with 756."""
    body = "756" + digits(rng, 9)
    return body + str(-sum(int(one) * (1, 3)[place % 2] for place, one in enumerate(body)) % 10)


def dni(rng: Random) -> str:
    number = digits(rng, 8)
    return number + _DNI[int(number) % 23]


def nie(rng: Random) -> str:
    first, number = rng.choice("XYZ"), digits(rng, 7)
    return first + number + _DNI[int(f"{'XYZ'.index(first)}{number}") % 23]


def social_security_es(rng: Random) -> str:
    province, number = f"{rng.randint(1, 52):02d}", digits(rng, 8, first="123456789")
    return f"{province}{number}{int(province + number) % 97:02d}"


def curp(rng: Random) -> str:
    """Letters of the name, birth date, sex, state, inner consonants, and the check digit."""
    alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ"
    consonants = "BCDFGHJKLMNPRSTVXZ"
    name = rng.choice(consonants) + rng.choice("AEIOU") + rng.choice(consonants) + rng.choice(consonants)
    birth = f"{rng.randint(50, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    state = rng.choice(("DF", "JC", "NL", "PL", "VZ", "MC"))
    body = name + birth + rng.choice("HM") + state + "".join(rng.choice(consonants) for _ in range(3)) + "0"
    return body + str(-sum(alphabet.index(one) * (18 - place) for place, one in enumerate(body)) % 10)


def rfc(rng: Random) -> str:
    alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ"
    name = rng.choice("BCDFGHLMPRST") + rng.choice("AEIOU") + rng.choice("CGLMRS") + rng.choice("JLMAR")
    birth = f"{rng.randint(50, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = name + birth + rng.choice(_LETTERS[:9]) + rng.choice("123456789")
    check = -sum(alphabet.index(one) * (13 - place) for place, one in enumerate(body)) % 11
    return body + ("A" if check == 10 else str(check))


def insurance_gb(rng: Random) -> str:
    """National insurance number: no check digit, but prefixes that are given out."""
    given_out = "ABCEGHJKLMNPRSTWXYZ"
    prefix = rng.choice([a + b for a in given_out for b in given_out if a + b not in _NEVER_GB])
    return prefix + digits(rng, 6) + rng.choice("ABCD")


def social_security_us(rng: Random) -> str:
    area = rng.choice([one for one in range(1, 900) if one not in (78, 219, 666)])
    return f"{area:03d}{rng.randint(1, 99):02d}{rng.randint(1, 9999):04d}"


def pps(rng: Random) -> str:
    number = digits(rng, 7)
    return number + "WABCDEFGHIJKLMNOPQRSTUV"[sum(int(a) * (8 - i) for i, a in enumerate(number)) % 23]


def passport(rng: Random, locale: str) -> str:
    match locale.split("_")[1]:
        case "DE":
            return rng.choice("CFGHJK") + "".join(rng.choice("CFGHJKLMNPRTVWXYZ0123456789") for _ in range(8))
        case "ES" | "AR":
            return "".join(rng.choice(_LETTERS) for _ in range(3)) + digits(rng, 6)
        case "AT" | "IN" | "CH" | "MX":
            return rng.choice("UPSXG") + digits(rng, 7)
        case "IE":
            return rng.choice(("PA", "LR", "PB")) + digits(rng, 7)
        case _:
            return digits(rng, 9, first="123456789")


_PHONES: dict[str, dict[str, Sequence[tuple[str, str]]]] = {
    # By country: the trunk number and how the rest groups; N stands for 2 to 9, # for any digit.
    "GB": {
        "land": (("0", "20 7### ####"), ("0", "161 4## ####"), ("0", "1273 6#####")),
        "mobile": (("0", "74N# ######"),),
    },
    "US": {
        "land": (("", "212 N## ####"), ("", "415 N## ####")),
        "mobile": (("", "305 N## ####"), ("", "617 N## ####")),
    },
    "IE": {"land": (("0", "1 4## ####"), ("0", "21 4## ####")), "mobile": (("0", "87 N## ####"), ("0", "85 N## ####"))},
    "IN": {"land": (("0", "22 2### ####"),), "mobile": (("", "98### #####"), ("", "99### #####"))},
    "DE": {
        "land": (("0", "30 N## ## ###"), ("0", "89 N## ## ##"), ("0", "221 N## ## ##"), ("0", "711 N### ###")),
        "mobile": (("0", "171 N## ## ##"), ("0", "151 N### ####"), ("0", "176 N## ## ###")),
    },
    "AT": {
        "land": (("0", "1 5## ## ##"), ("0", "316 N## ###")),
        "mobile": (("0", "664 N## ## ##"), ("0", "676 N### ###")),
    },
    "CH": {
        "land": (("0", "44 2## ## ##"), ("0", "31 3## ## ##")),
        "mobile": (("0", "79 N## ## ##"), ("0", "76 3## ## ##")),
    },
    "ES": {"land": (("", "91 5## ## ##"), ("", "93 2## ## ##")), "mobile": (("", "6## ### ###"), ("", "6## ## ## ##"))},
    "MX": {
        "land": (("", "55 5### ####"), ("", "33 3### ####")),
        "mobile": (("", "55 N### ####"), ("", "81 8### ####")),
    },
    "AR": {"land": (("0", "11 4### ####"),), "mobile": (("", "11 5### ####"), ("0", "11 6### ####"))},
}
CALLING_CODES = {
    "GB": "44",
    "US": "1",
    "IE": "353",
    "IN": "91",
    "DE": "49",
    "AT": "43",
    "CH": "41",
    "ES": "34",
    "MX": "52",
    "AR": "54",
}


def phone(rng: Random, country: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """The trunk prefix (may be empty) and the groups of the national number; ``kind`` is land or mobile."""
    trunk, shape = rng.choice(_PHONES[country][kind])
    number = "".join(
        rng.choice(string.digits) if one == "#" else rng.choice("23456789") if one == "N" else one for one in shape
    )
    return trunk, tuple(number.split())


_POSTCODES = {
    "US": "#####",
    "IN": "4####1",
    "DE": "N####",
    "AT": "N#L#",
    "CH": "N###",
    "ES": "28###",
    "MX": "0N###",
    "AR": "N###",
}


def postcode(rng: Random, country: str) -> tuple[str, ...]:
    """Its groups: one, or two in Britain and Ireland."""
    if country == "GB":
        town = rng.choice(("M", "LS", "B", "SW", "N", "EH", "BS", "CF", "G", "NE"))
        return (
            f"{town}{rng.randint(1, 19)}",
            f"{rng.randint(1, 9)}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}",
        )
    if country == "IE":
        return rng.choice(("D02", "T12", "D08", "H91")), "".join(
            rng.choice("ACDEFHKNPRTVWXY0123456789") for _ in range(4)
        )
    return (
        "".join(
            rng.choice(string.digits) if one == "#" else rng.choice("123456789") if one in "NL" else one
            for one in _POSTCODES[country]
        ),
    )
