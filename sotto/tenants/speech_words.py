"""The words that recognisers are given of a tenant: what it is called, what it writes down on purpose, the names in its
articles, who answers its calls. Made at publish and kept in the book.

The most important first, because every service takes only so many.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sotto.tenants.articles import Article
from sotto.tenants.book import Team

MOST_WORDS = 200
LONGEST_WORD = 60
MOST_TITLE_WORDS = 3
LEAST_OFTEN = 2
"""A capitalised word that one article has once is as often a typing habit as a name."""
_NAME = re.compile(r"(?<![.!?:#*>|\-\n]\s)(?<![\"“(\[\n])\b[A-ZÄÖÜ][\w’'&-]*(?:\s+[A-ZÄÖÜ0-9][\w’'&-]*){0,3}")
_USERNAME = re.compile(r"[a-zäöüß]{3,20}")
_SENTENCE_STARTS = frozenset("the a an if when who what how for and or but i we you it this that all no yes".split())


def speech_words(*, title: str, written: Iterable[str], articles: Iterable[Article]) -> tuple[str, ...]:
    """``written``: what the tenant lists itself."""
    articles = list(articles)
    found = [*written, title, *_short_titles(articles), *_names(articles)]
    return _distinct(found)[:MOST_WORDS]


def agent_names(teams: Mapping[str, Team]) -> tuple[str, ...]:
    """Usernames that are given names. They go along with a session and into nothing that is stored with a service."""
    names = (name for team in teams.values() for name in team.agents)
    return _distinct(name.capitalize() for name in names if _USERNAME.fullmatch(name))


def _short_titles(articles: Iterable[Article]) -> Iterator[str]:
    """A title of a few words names a thing; a longer one is a sentence about it."""
    for article in articles:
        title = article.title.partition(":")[0].strip()
        if 1 <= len(title.split()) <= MOST_TITLE_WORDS:
            yield title


def _names(articles: Iterable[Article]) -> Iterator[str]:
    """Capitalised within sentences, the most frequent first."""
    counts = Counter(
        name for article in articles for name in map(_without_start, _NAME.findall(article.text)) if len(name) > 2
    )
    for name, times in counts.most_common():
        if times >= LEAST_OFTEN:
            yield name


def _without_start(name: str) -> str:
    """ "The Harbour Free" at the beginning of a sentence."""
    parts = name.split()
    while parts and parts[0].lower() in _SENTENCE_STARTS:
        del parts[0]
    return " ".join(parts)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for word in words:
        if 0 < len(word) <= LONGEST_WORD:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())
