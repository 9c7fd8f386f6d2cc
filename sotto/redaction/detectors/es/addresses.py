"""Spanish postal addresses: "calle de Alcalá número cuarenta y cinco, tercero izquierda, 28014 Madrid"."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.names.known_names import known_names
from sotto.redaction.detectors.es.number_words import ASIDES, NUMBERS
from sotto.redaction.detectors.es.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.spoken.numbers.digit_runs import may_begin_a_number
from sotto.redaction.detectors.tokens import Token

_WAY = spanish(
    "calle c avenida avda av plaza pza paseo carretera ronda camino travesía callejón rambla glorieta pasaje bulevar",
    "boulevard urbanización vía privada prolongación cerrada andador calzada circuito carrera diagonal transversal",
    "autopista polígono alameda carrer avinguda plaça jirón viaducto corredera costanilla bajada subida pasadizo",
    "vial callejuela sector retorno cañada",
)
_SELDOM = spanish("c av vía privada cerrada circuito carrera bajada subida sector retorno camino diagonal pasaje plaza")
"""Words of other meanings: a street only with a number."""
_IN_NAMES = spanish("de del la las los el y san santa e i")
_NUMBERED = spanish("número num n nº no # , . el en -")
_PARTS = spanish(
    "piso planta puerta escalera portal bajo izquierda derecha izda dcha ático entresuelo principal local bloque casa",
    "departamento depto dpto interior int torre edificio apartamento apto manzana lote primero segundo tercero cuarto",
    "quinto sexto séptimo octavo noveno décimo primera segunda tercera cuarta quinta sexta séptima octava bis centro",
    "exterior kilómetro km letra º ª",
)
_PLACES = spanish(
    "colonia col barrio delegación alcaldía municipio provincia comuna distrito urbanización fraccionamiento"
)
_POSTCODE = spanish("código postal cp c p")
_NO_NAME = ASIDES | spanish(
    "que es está mi su tu vivo vive calle número dirección domicilio donde porque cuando hay tiene está con por para abajo",
    "arriba ciega principal",
)
_LONGEST_NAME, _LONGEST_TAIL, _LONGEST_TOWN = 6, 22, 3
_ASKED_ANSWER = 26


class SpanishAddresses:
    """PostalAddresses."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        after = 0
        for i, token in enumerate(tokens):
            if i >= after and token.text in _WAY and (last := _end_of(text, tokens, i)) is not None:
                found.append((token.start, tokens[last].end))
                after = last + 1
        if expected and not found and (answer := _answer(tokens)):
            found.append(answer)
        return found

    def begun(self, tokens: list[Token]) -> int | None:
        """A street at the end of the text, whose number may follow."""
        for i in range(len(tokens) - 1, max(-1, len(tokens) - _LONGEST_NAME - 4), -1):
            if tokens[i].text in _WAY and not (tokens[i].text in _SELDOM and i == len(tokens) - 1):
                return tokens[i].start
            if tokens[i].text in _NO_NAME and tokens[i].text not in _NUMBERED | _IN_NAMES:
                return None
        return None


def _is_number(token: Token) -> bool:
    return bool(re.fullmatch(r"\d{1,5}[a-z]?", token.text)) or may_begin_a_number(token.text, NUMBERS)


def _end_of(text: str, tokens: list[Token], way: int) -> int | None:
    """The last token of the address that begins with a word for a street; None where no number follows."""
    at = way + 1
    while at < len(tokens) and tokens[at].text in ("/", ".") and tokens[way].text in ("c", "av", "avda", "pza"):
        at += 1
    first = at
    if at < len(tokens) and _is_number(tokens[at]):  # "calle 45 número 23-10"
        while at < len(tokens) and _is_number(tokens[at]):
            at += 1
    while at < len(tokens) and at - first < _LONGEST_NAME and _is_of_a_name(tokens, at):
        at += 1
    if at == first:
        return None
    last = _number_end(tokens, at)
    if last is None and _is_number(tokens[first]) and tokens[way].text not in _SELDOM:
        last = at - 1
    if last is None:
        return _without_number(text, tokens, way, at)
    return _with_tail(text, tokens, last)


def _is_of_a_name(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.text in _IN_NAMES:
        return at + 1 < len(tokens) and tokens[at + 1].text.isalpha()
    is_date = token.text in ("mayo", "marzo", "julio", "octubre", "noviembre", "septiembre")
    return token.text.isalpha() and token.text not in _NO_NAME | _NUMBERED and (is_date or not _is_number(token))


def _without_number(text: str, tokens: list[Token], way: int, end: int) -> int | None:
    """ "calle Mayor, sin número"."""
    at = end + (end < len(tokens) and tokens[end].text == ",")
    is_bare = [t.text for t in tokens[at : at + 2]] == ["sin", "numero"]
    return _with_tail(text, tokens, at + 1) if is_bare else None


def _number_end(tokens: list[Token], at: int) -> int | None:
    start = at
    while at < len(tokens) and at - start < 4 and tokens[at].text in _NUMBERED:
        at += 1
    last: int | None = None
    while at < len(tokens):
        joins = last is not None and tokens[at].text in ("-", "y", "bis") and at + 1 < len(tokens)
        if _is_number(tokens[at]) or (joins and _is_number(tokens[at + 1])):
            last = at
        else:
            break
        at += 1
    if last is not None and last + 1 < len(tokens) and tokens[last + 1].text in NUMBERS.units_of_measure - {"o", "mas"}:
        return None
    return last


def _with_tail(text: str, tokens: list[Token], last: int) -> int:
    """On over floors, doors, the postcode and the town."""
    at = last + 1
    while at < len(tokens) and at - last <= 3 and last - at < _LONGEST_TAIL:
        word = tokens[at].text
        if word in _PARTS or word in _POSTCODE or _is_number(tokens[at]) or _is_door(tokens, at):
            last = at
        elif word in _PLACES or (_is_town(text, tokens[at]) and _leads_to_a_town(tokens, at)):
            at = last = _town_end(text, tokens, at)
        elif word not in (",", "en", "de", "y", "la", "el", "-", "."):
            break
        elif word == "." and at + 1 < len(tokens) and tokens[at + 1].text not in _PARTS | _POSTCODE:
            break
        at += 1
    return last


def _is_door(tokens: list[Token], at: int) -> bool:
    """ "puerta B", "tercero C"."""
    return len(tokens[at].text) == 1 and tokens[at].text.isalpha() and tokens[at - 1].text in _PARTS


def _leads_to_a_town(tokens: list[Token], at: int) -> bool:
    return tokens[at - 1].text in (",", "en", "de", "-") or _is_number(tokens[at - 1])


def _is_town(text: str, token: Token) -> bool:
    word = token.text
    if not word.isalpha() or word in _NO_NAME or word in NUMBERS.units_of_measure or word in SENTENCE_WORDS:
        return False
    if text[token.start].isupper():
        return not known_names().is_ordinary(word) or word in known_names().places
    return word in known_names().places or (
        not any(c.isupper() for c in text) and not known_names().is_ordinary(word) and len(word) > 3
    )


def _town_end(text: str, tokens: list[Token], at: int) -> int:
    last = at
    for i in range(at + 1, min(at + 1 + _LONGEST_TOWN, len(tokens))):
        if tokens[i].text in ("de", "del", "la", "los", "las", "el") and i + 1 < len(tokens):
            continue
        is_named = tokens[at].text in _PLACES and text[tokens[i].start].isupper()
        if not is_named and not _is_town(text, tokens[i]):
            break
        last = i
    return last


def _answer(tokens: list[Token]) -> tuple[int, int] | None:
    """A short answer with a number in it where an address was asked for."""
    if len(tokens) > _ASKED_ANSWER or not any(map(_is_number, tokens)):
        return None
    own = [t for t in tokens if t.text.isalnum() and t.text not in ASIDES | spanish("vivo vive en dirección domicilio")]
    return (own[0].start, own[-1].end) if len(own) > 1 else None
