"""Number words of languages whose speech we cannot redact by rules: enough to see that something is a number.

``parts`` make words by themselves and compounds ("dreiundzwanzig", "ventotto"). ``in_company``: words that are articles
or pronouns as well, numbers only next to another. Accents and case do not matter to who reads them (``folded``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sotto.redaction.detectors.en.number_words import MAGNITUDES, REPEATS, TEENS, TENS, UNITS


@dataclass(frozen=True, slots=True)
class NumberWords:
    parts: str
    in_company: str = ""
    joined_by: str = ""


OF_LANGUAGE = {
    "de": NumberWords(
        "null eins zwei zwo drei vier fünf fuenf sechs sech sieben sieb acht neun zehn elf zwölf zwoelf zwanzig "
        "dreißig vierzig fünfzig fuenfzig sechzig siebzig achtzig neunzig hundert tausend million millionen doppel "
        "erste erster ersten zweite zweiten dritte dritten vierte vierten fünfte fünften sechste sechsten siebte "
        "siebten achte achten neunte neunten zehnte zehnten elfte elften zwölfte zwölften "
        "zwanzigste zwanzigsten dreißigste dreißigsten",
        "ein eine einen einer einem",
        "und",
    ),
    "fr": NumberWords(
        "zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts "
        "trente quarante cinquante soixante septante huitante octante nonante cent cents mille million millions "
        "premier",
        "un une",
        "et",
    ),
    "es": NumberWords(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieci veinte veinti "
        "veintiún treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos cientas quinientos "
        "setecientos novecientos quinientas setecientas novecientas mil millón millones primero",
        "un una",
        "y",
    ),
    "it": NumberWords(
        "zero due tre quattro cinque sette otto nove dieci undici dodici tredici quattordici quindici sedici dicias "
        "dician diciotto vent venti trent trenta quarant quaranta cinquant cinquanta sessant sessanta settant settanta "
        "ottant ottanta novant novanta cento mille mila milione milioni primo",
        "un una uno sei",
        "e",
    ),
    "pt": NumberWords(
        "zero dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezesseis "
        "dezasseis dezessete dezassete dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta setenta "
        "oitenta noventa cem cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos "
        "novecentos mil milhão milhões primeiro",
        "um uma meia",
        "e",
    ),
    "nl": NumberWords(
        "nul twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien twintig dertig "
        "veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen dubbel eerste tweede derde",
        "een één",
        "en",
    ),
    "sv": NumberWords(
        "noll två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo "
        "trettio fyrtio femtio sextio sjuttio åttio nittio hundra tusen",
        "en ett",
        "och",
    ),
    "pl": NumberWords(
        "zero jeden jedna dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście "
        "trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia trzydzieści "
        "czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto dwieście trzysta "
        "czterysta pięćset sześćset siedemset osiemset dziewięćset tysiąc tysiące tysięcy",
        "",
        "i",
    ),
    "en": NumberWords(" ".join((*UNITS, *TEENS, *TENS, *MAGNITUDES, *REPEATS)), "oh o", "and"),
}


_LONGEST = 64
"""Characters: German and Dutch write numbers below a million as one word of nearly so many."""


def folded(word: str) -> str:
    """Without accents and case; who types or recognises often leaves accents out."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _of_all(lists: list[str]) -> list[str]:
    """The longest first: a pattern takes the first that fits."""
    return sorted({folded(word) for each in lists for word in each.split()}, key=len, reverse=True)


IN_COMPANY = frozenset(_of_all([each.in_company for each in OF_LANGUAGE.values()]))
JOINING = frozenset(_of_all([each.joined_by for each in OF_LANGUAGE.values()]))


def _compounds(words: NumberWords) -> str:
    parts = "|".join(_of_all([words.parts]))
    between = "|".join(_of_all([words.in_company, words.joined_by]))
    return rf"(?:(?:{between})*(?:{parts}))+(?:{between})*" if between else rf"(?:{parts})+"


_NUMBER = re.compile("|".join(rf"(?:{_compounds(words)})" for words in OF_LANGUAGE.values()))


def is_number_word(word: str) -> bool:
    """Of any language: a number by itself."""
    return len(word) <= _LONGEST and bool(_NUMBER.fullmatch(folded(word)))
