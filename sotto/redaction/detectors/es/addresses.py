"""Spanish postal addresses: "calle de Alcalá número cuarenta y cinco, tercero izquierda, 28014 Madrid"."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.names.known_names import known_names
from sotto.redaction.detectors.es.number_words import ASIDES, NUMBERS
from sotto.redaction.detectors.es.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.es.spelling import SPELLING
from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.spoken.addresses.hints import HintWords, hinted, with_town_before
from sotto.redaction.detectors.spoken.addresses.tail import (
    AddressWords,
    short_answer,
    tail_end,
    with_correction,
    with_house_letter,
)
from sotto.redaction.detectors.tokens import Token

_WAY = spanish(
    "calle c avenida avda av plaza pza paseo carretera ronda camino travesía callejón rambla glorieta pasaje bulevar",
    "boulevard urbanización vía privada prolongación cerrada andador calzada circuito carrera diagonal transversal",
    "autopista polígono alameda carrer avinguda plaça jirón viaducto corredera costanilla bajada subida pasadizo",
    "acceso corredor diag rincón travesera cantón rotonda explanada alley pasillo vial callejuela sector retorno",
    "cañada circunvalación ampliación periférico eje continuación vereda sendero",
)
_SELDOM = spanish("c av vía privada cerrada circuito carrera bajada subida sector retorno camino diagonal pasaje plaza")
"""Words of other meanings: a street only with a number."""
_ALSO_VERBS = frozenset({"cuesta"})
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
    "que es está mi su tu vivo vive calle número dirección domicilio donde porque cuando hay tiene está con por",
    "para abajo",
    "arriba ciega principal",
)
_SHORTENED = spanish("diag av avda pte gral dr dra ing pje cnel sta sto")
_LONGEST_NAME = 6
_ASKED_ANSWER = 28
_WORDS = AddressWords(
    numbers=NUMBERS,
    spelling=SPELLING,
    joining=spanish(", . - en de y la el código postal cp c p esquina provincia"),
    into=spanish("en"),
    parts=_PARTS,
    within_towns=spanish("de del la las los el san santa"),
    town_begins=spanish("san santa santo los las el la villa puerto ciudad nueva"),
    corrects=spanish("no perdón perdone digo quiero decir espere mejor dicho eh ay"),
    no_town=SENTENCE_WORDS
    | NUMBERS.units_of_measure
    | spanish(
        "sí por favor gracias vale casa caso general efectivo total frente lado vecino portal población ciudad",
        "calle dirección localidad provincia",
    ),
    known=known_names,
)


def _street_end(tokens: list[Token], at: int) -> int | None:
    """A word for a street, and its name up to a number or a word of the sentence."""
    if at >= len(tokens) or tokens[at].text not in _WAY or tokens[at].text in _ALSO_VERBS:
        return None
    last = at
    while last + 1 < len(tokens) and last - at < _LONGEST_NAME - 1 and _is_of_a_name(tokens, last + 1):
        if tokens[last + 1].text in _WORDS.no_town - _IN_NAMES or tokens[last + 1].text in _TURNS:
            break
        last += 1
    while last > at and tokens[last].text in _IN_NAMES:
        last -= 1
    return last if last > at else None


_TURNS = spanish("con y esquina hasta hay no desde frente junto cerca al lado entre")
_HINTS = HintWords(
    corner=re.compile(r"\b(?:la )?esquina (?:de |entre |con )(?:la )?"),
    joints=spanish("con y e"),
    box=re.compile(
        r"\b(?:(?:llegan?|correo|correspondencia|cartas?|mand\w+|envi\w+)\b[^.?!]{0,25} (?P<box>apartado)"
        r"|(?P<whole>(?:apartado|casilla) (?:de correos?|postal)))(?: de correos| postal)?(?: numero| es el)?(?= )"
    ),
    village=re.compile(
        r"\b(?:pueblo|aldea|pedania|localidad|municipio|pueblecito|parroquia)(?: que se llama| llamado|"
        r" llamada)? (?:de |es )?(?=\w)"
    ),
    lives=re.compile(
        r"\b(?:vivo|vive|vivimos|viven|vivia|viviamos|resido|residimos|alquilamos|alquilo|mudado|mudamos|mude|trasladado|domicilio|casa|crie|criamos|crecí|creci|nacimos)"
        r"(?: (?:ahora|ya|actualmente|aqui|cerca|justo|yo|nosotros))* (?:en|a|por) "
    ),
    house=re.compile(
        r"\b(?:casa|finca|chalet|urbanizacion|edificio|masia|cortijo) (?:se llama|llamad[oa]|que se llama) |"
        r"\b(?:mandel[oa]|envielo|enviela|mandar|enviar|entregar|llevar|mandenlo|enviarlo|mandarlo|dejelo|estamos|"
        r"estoy|vivo|vivimos) (?:a|en) (?:el |la )?"
        r"(?=(?:villa|finca|quinta|chalet|casa|masia|cortijo|hacienda|rancho|caserio|torre|pazo|urbanizacion|edificio)\b)"
    ),
    house_words=spanish("villa finca quinta chalet masía cortijo hacienda rancho caserío pazo"),
    house_word_leads=True,
    numbered=spanish("número num n nº"),
    linking=spanish("de en la el del los las"),
    before_postcode=re.compile(r"\b(?:,? )?(?:y )?(?:el )?(?:codigo postal|cp\b)"),
    near=spanish("cerca de al lado un pueblo"),
    street_end=_street_end,
)


class SpanishAddresses:
    """PostalAddresses."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        after = 0
        for i in range(len(tokens)):
            if (
                i >= after
                and _is_way(text, tokens, i)
                and (last := _end_of(text, tokens, i, expected=expected)) is not None
            ):
                found.append((tokens[with_town_before(text, tokens, i, _WORDS)].start, tokens[last].end))
                after = last + 1
        more = hinted(text, plain, tokens, _WORDS, _HINTS, expected=expected and not found)
        found += [(tokens[first].start, tokens[last].end) for first, last in more]
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


def _is_way(text: str, tokens: list[Token], i: int) -> bool:
    if tokens[i].text in _ALSO_VERBS:
        return i + 1 < len(tokens) and text[tokens[i].start].isupper() and text[tokens[i + 1].start].isupper()
    return tokens[i].text in _WAY


def _is_number(token: Token) -> bool:
    return _WORDS.is_number(token)


def _end_of(text: str, tokens: list[Token], way: int, *, expected: bool) -> int | None:
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
    if last is None and _is_number(tokens[first]) and (tokens[way].text not in _SELDOM or at > first + 1):
        last = with_correction(tokens, with_house_letter(tokens, at - 1), _WORDS)
    if last is None:
        last = _without_number(tokens, at)
    return None if last is None else _with_tail(text, tokens, last, expected=expected)


def _is_of_a_name(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.text == "." and (len(tokens[at - 1].text) == 1 or tokens[at - 1].text in _SHORTENED):
        return at + 1 < len(tokens) and tokens[at + 1].text.isalpha()
    if token.text in _IN_NAMES:
        return at + 1 < len(tokens) and tokens[at + 1].text.isalpha()
    is_date = token.text in ("mayo", "marzo", "julio", "octubre", "noviembre", "septiembre")
    return token.text.isalpha() and token.text not in _NO_NAME | _NUMBERED and (is_date or not _is_number(token))


def _without_number(tokens: list[Token], end: int) -> int | None:
    """ "calle Mayor, sin número"."""
    at = end + (end < len(tokens) and tokens[end].text == ",")
    return at + 1 if [t.text for t in tokens[at : at + 2]] == ["sin", "numero"] else None


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
    return None if last is None else with_correction(tokens, with_house_letter(tokens, last), _WORDS)


def _with_tail(text: str, tokens: list[Token], last: int, *, expected: bool) -> int:
    """On over floors, doors, the postcode and the town, and a quarter before it ("colonia Roma Norte")."""
    last = tail_end(text, tokens, last, _WORDS, expected=expected)
    at = last + 1
    while at < len(tokens) and tokens[at].text in (",", "en", "la"):
        at += 1
    if at >= len(tokens) or tokens[at].text not in _PLACES:
        return last
    while at + 1 < len(tokens) and (text[tokens[at + 1].start].isupper() or tokens[at + 1].text in _IN_NAMES):
        at += 1
    return tail_end(text, tokens, at, _WORDS, expected=expected)


def _answer(tokens: list[Token]) -> tuple[int, int] | None:
    """A short answer with a number in it where an address was asked for."""
    if not any(map(_is_number, tokens)):
        return short_answer(tokens, _WORDS)
    own = [t for t in tokens if t.text.isalnum() and t.text not in ASIDES | spanish("vivo vive en dirección domicilio")]
    return (own[0].start, own[-1].end) if len(own) > 1 and len(tokens) <= _ASKED_ANSWER else None
