"""What is masked where no rules know the language: every number, e-mail address and spelled word, whatever it is for.

Rules tell a card from a price by the words around it. Without them nothing tells, so nothing of the kind is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto

from sotto.redaction.detectors.any_language.number_words import IN_COMPANY, JOINING, folded, is_number_word
from sotto.redaction.detectors.tokens import Token, tokens_of
from sotto.redaction.detectors.vocabulary import words_of
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import TENANT_DECIDES, PrivateKind, RedactionAction, RedactionRules

LETTERS_OF_A_SPELLED_WORD = 3
_VOWELS = frozenset("aeiouy")
"""Words by themselves in one language or another ("a", "e", "y"), so two of them are no spelling yet."""
LONGEST_GAP = 2
"""Signs, hesitation or "and" between two parts of a number."""
LONGEST_ADDRESS = 24
"""Words on either side of "at"."""

_LIKE = words_of("wie comme como come van as for")
_AT = words_of("@ ät aet klammeraffe arobase arobas arroba chiocciola apenstaartje apenstaart snabela malpa małpa")
_AT_WITH_A_DOT = words_of("at")
"""A word of other meanings, too."""
_DOT = words_of(". punkt point punto ponto punt punkten kropka dot")
_JOINTS = _DOT | words_of(
    "- _ + bindestrich minus unterstrich tiret moins souligné guion guión bajo menos trattino traço hífen streepje",
    "underscore bas dash plus más mais più liggend",
)
_NOT_IN_A_NAME = words_of(
    "es ist est è é is mi mein meine ma mon meu minha mia mio il la el le de die der das e-mail email mail correo",
    "adres adresse dirección endereço indirizzo lautet ja sí si oui sim yes em à a an und et y",
)
_BETWEEN_DIGITS = frozenset("-–—.,/():+#")


class _Part(Enum):
    NUMBER = auto()
    IN_COMPANY = auto()
    LETTER = auto()
    BETWEEN = auto()
    OTHER = auto()


def private_in(text: str) -> Iterator[Finding]:
    tokens = tokens_of(text)
    yield from _addresses(tokens, text)
    yield from _numbers_and_spelling(tokens)


def stricter(rules: RedactionRules) -> RedactionRules:
    """What a tenant shows, it shows because it can be told from the rest: here it cannot. Names, addresses and
    postcodes are as the tenant has them."""
    actions = {
        kind: RedactionAction.CATEGORY
        if rules.action_for(kind) is RedactionAction.OFF and kind not in TENANT_DECIDES
        else chosen
        for kind, chosen in {kind: rules.action_for(kind) for kind in PrivateKind}.items()
    }
    return replace(rules, actions=actions)


def _numbers_and_spelling(tokens: list[Token]) -> Iterator[Finding]:
    parts = [_part_of(token.text) for token in tokens]
    for i in range(len(tokens) - 2):
        if _is_spelled_with_a_word(tokens, i):
            parts[i : i + 3] = [_Part.NUMBER] * 3
    for first, last in _runs(parts):
        letters = [tokens[i].text for i in range(first, last + 1) if parts[i] is _Part.LETTER]
        if _Part.NUMBER in parts[first : last + 1] or _is_spelling(letters):
            yield Finding(PrivateKind.NUMBER, tokens[first].start, tokens[last].end)


def _part_of(word: str) -> _Part:
    own = word.rpartition("'")[2] or word  # "l'un", "dell'otto"
    if any(character.isnumeric() for character in word) or is_number_word(own):
        return _Part.NUMBER
    if len(own) == 1 and own.isalpha():
        return _Part.LETTER
    if folded(own) in IN_COMPANY:
        return _Part.IN_COMPANY
    return _Part.BETWEEN if word in _BETWEEN_DIGITS or folded(own) in JOINING else _Part.OTHER


def _is_spelling(letters: list[str]) -> bool:
    if len(letters) >= LETTERS_OF_A_SPELLED_WORD:
        return True
    return len(letters) > 1 and any(folded(letter.rpartition("'")[2]) not in _VOWELS for letter in letters)


def _is_spelled_with_a_word(tokens: list[Token], i: int) -> bool:
    """ "M wie Maria", "P comme Pierre"."""
    letter, like, word = (token.text for token in tokens[i : i + 3])
    return len(letter) == 1 and letter.isalpha() and like in _LIKE and folded(word).startswith(folded(letter))


def _runs(parts: list[_Part]) -> Iterator[tuple[int, int]]:
    """First and last of what stands together, inclusive; each begins and ends with something of its own."""
    first: int | None = None
    last = -1
    for i, part in enumerate(parts):
        if part is _Part.BETWEEN and (first is None or i - last <= LONGEST_GAP):
            continue
        belongs = part not in (_Part.BETWEEN, _Part.OTHER)
        if first is not None and not belongs:
            yield first, last
            first = None
        elif belongs:
            first, last = (i if first is None else first), i
    if first is not None:
        yield first, last


def _addresses(tokens: list[Token], text: str) -> Iterator[Finding]:
    for i, token in enumerate(tokens):
        if token.text in _AT or (token.text in _AT_WITH_A_DOT and _has_a_dot_after(tokens, i)):
            first, last = _name_start(tokens, i), _domain_end(tokens, i, text)
            yield Finding(PrivateKind.EMAIL, tokens[first].start, tokens[last].end)


def _has_a_dot_after(tokens: list[Token], at: int) -> bool:
    return any(token.text in _DOT and token.text != "." for token in tokens[at + 2 : at + 8])


def _name_start(tokens: list[Token], at: int) -> int:
    """Back over what is joined or spelled, and up to two words that may be a name."""
    first, words = at, 0
    while first > 0 and at - first < LONGEST_ADDRESS:
        before = tokens[first - 1].text
        joined = before in _JOINTS or tokens[first].text in _JOINTS or len(before) == 1 or is_number_word(before)
        if before in _NOT_IN_A_NAME and not joined:
            break
        if not joined and (words := words + 1) > 2:
            break
        first -= 1
    return first


def _domain_end(tokens: list[Token], at: int, text: str) -> int:
    last = min(at + 1, len(tokens) - 1)
    while last + 1 < len(tokens) and last - at < LONGEST_ADDRESS:
        here, after = tokens[last], tokens[last + 1]
        if after.text == "." and text[after.end : after.end + 1].strip() == "":
            break  # the end of a sentence
        if not (after.text in _JOINTS or here.text in _JOINTS or len(after.text) == len(here.text) == 1):
            break
        last += 1
    return last
