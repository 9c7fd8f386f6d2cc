"""Make sotto/privacy/names.json again: given and family names from Faker's providers, without ordinary words.

    pip install faker && python -m benchmarks.name_list

Faker (MIT) is needed only here. A name that ordinary talk also uses in lower case ("mark", "will", "rose") is left out:
such names are found only where something announces a name.
"""

from __future__ import annotations

import importlib
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

from benchmarks.redaction_corpora import shared_text
from sotto.privacy.vocabulary import words_of

LOCALES = words_of(
    "en_US en_GB en_IN en_NZ en_IE de_DE de_AT de_CH fr_FR fr_CH es_ES es_MX es_CO es_AR it_IT pt_PT pt_BR",
    "nl_NL nl_BE pl_PL cs_CZ sk_SK sl_SI hr_HR hu_HU fi_FI sv_SE da_DK no_NO is_IS et_EE lv_LV lt_LT ro_RO",
    "tr_TR id_ID fil_PH vi_VN ga_IE ru_RU uk_UA bg_BG el_GR",
)
TARGET = Path(__file__).resolve().parents[1] / "sotto/privacy/names.json"


def plain(name: str) -> str:
    """Lower case without accents: recognisers drop them."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def names_of(locale: str) -> tuple[set[str], set[str]]:
    try:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    except ModuleNotFoundError:
        return set(), set()
    given: set[str] = set()
    family: set[str] = set()
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if isinstance(value, (tuple, list, dict)) and "name" in attribute and "formats" not in attribute:
            target = given if "first" in attribute else family if "last" in attribute else None
            if target is not None:
                target.update(plain(part) for name in value if isinstance(name, str) for part in name.split())
    return given, family


def ordinary_words() -> set[str]:
    """Words that public conversations write in lower case more often than not."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    folders = ("banking77", "tau2*", "taubench*", "primock*/transcripts", "primock*/notes", "dstc10*")
    for path in [path for folder in folders for path in shared_text().glob(f"{folder}/*") if path.is_file()]:
        text = path.read_text(encoding="utf-8", errors="ignore")
        lower.update(re.findall(r"(?<![\w'_@.-])[a-z]{2,}(?![\w_@])", text))
        capital.update(word.lower() for word in re.findall(r"(?<![\w'_@.-])[A-Z][a-z]+(?![\w_@])", text))
    return {word for word, count in lower.items() if count >= 2 and count > capital[word]} | _MORE_WORDS


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


def main() -> None:
    given: set[str] = set()
    family: set[str] = set()
    english: set[str] = set()
    for locale in sorted(LOCALES):
        more_given, more_family = names_of(locale)
        english |= more_given if locale in ("en_US", "en_GB", "en_IE") else set()
        given |= more_given
        family |= more_family
    ordinary = ordinary_words()
    keep = re.compile(r"[a-zøæðþłđßı'’-]{3,}$")
    lists = {
        "given": sorted(n for n in given if keep.match(n) and n not in ordinary),
        "family": sorted(n for n in family if keep.match(n) and n not in ordinary),
        "given_and_word": sorted(n for n in english & ordinary if keep.match(n)),
    }
    TARGET.write_text(json.dumps(lists, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print({name: len(names) for name, names in lists.items()}, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
