"""A tenant's folder -> its book, or every mistake in it with file, line and column.

tenant.yaml      settings, teams, models         sotto.tenants.reading.settings
policies.yaml    search policies                 sotto.tenants.reading.policies
playbook.yaml    moments, actions, checklists    sotto.tenants.reading.playbook
intents.yaml     names of intents (the phrases train the models)
dispositions.yaml   codes by which calls end, where there is one     sotto.tenants.reading.dispositions
knowledge/*.md   articles; the book names their versions
knowledge/sources.yaml   where further articles come from    sotto.tenants.reading.sources
scorecards/*.yaml   quality forms, where there are any    sotto.tenants.reading.scorecards
filing.yaml      systems in which calls are filed, where there are any    sotto.tenants.reading.systems
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from sotto.core.errors import Rejected
from sotto.core.residency import BOUNDARIES, Boundary
from sotto.tenants.articles import Article, fingerprints
from sotto.tenants.book import TenantBook
from sotto.tenants.dispositions import Dispositions
from sotto.tenants.knowledge_sources import DeclaredSources
from sotto.tenants.playbook import Playbook
from sotto.tenants.reading.conflicts import warnings
from sotto.tenants.reading.dispositions import DispositionFile, read_dispositions
from sotto.tenants.reading.knowledge import Document, read_documents
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.phrases_source import read_intents
from sotto.tenants.reading.places import Mistake, Mistakes, YamlPlace
from sotto.tenants.reading.playbook import PlaybookReader
from sotto.tenants.reading.policies import read_policies
from sotto.tenants.reading.publish_checks import PublishChecks
from sotto.tenants.reading.scorecards import read_scorecards
from sotto.tenants.reading.settings import read_models, read_settings, read_speech_words
from sotto.tenants.reading.sources import check_synced, read_sources
from sotto.tenants.reading.systems import read_filing
from sotto.tenants.speech_words import speech_words

DISPOSITIONS = "dispositions.yaml"
FILES = ("tenant.yaml", "policies.yaml", "playbook.yaml", "intents.yaml")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class TenantMistaken(Rejected):
    """What a tenant wrote cannot be published; ``mistakes`` says where and why."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Loaded:
    """``book`` is there when ``mistakes`` is empty. ``warnings``: it can be published, and will hardly do what is
    meant."""

    book: TenantBook | None
    mistakes: list[Mistake]
    warnings: list[Mistake] = field(default_factory=list)


def load_tenant(folder: Path, checks: PublishChecks) -> Loaded:
    """Read and check a tenant's folder. Mistakes name files relative to ``folder``'s parent."""
    mistakes = Mistakes()
    folder = folder if folder.name else folder.resolve()  # "." has a name, too
    if wrong := _wrong_folder(folder):
        mistakes.add(folder.name, 1, 1, wrong)
        return Loaded(None, mistakes.found)
    warned = Mistakes()
    book = _book(folder, mistakes, warned, checks)
    return Loaded(None if mistakes.found else book, mistakes.in_order(), warned.in_order())


def _wrong_folder(folder: Path) -> str:
    """Why it cannot be a tenant's; empty when it can."""
    if folder.is_file():
        return f"this is a file; give the tenant's folder, {folder.parent}"
    if not folder.is_dir():
        return "there is no such folder; give a tenant's folder, such as tenants/harbour_bank"
    if not any((folder / name).exists() for name in FILES):
        return f"this is no tenant's folder: it holds none of {', '.join(FILES)}"
    if not _SLUG.fullmatch(folder.name):
        return (
            "a tenant is called as its folder: use 1 to 64 of a-z, 0-9, '_' and '-', and begin with one of a-z or 0-9"
        )
    return ""


def book_from(folder: Path, checks: PublishChecks) -> TenantBook:
    """The book of a folder that must be free of mistakes; raises TenantMistaken with all of them."""
    loaded = load_tenant(folder, checks)
    if loaded.book is None:
        raise TenantMistaken(loaded.mistakes)
    return loaded.book


def _book(folder: Path, mistakes: Mistakes, warned: Mistakes, checks: PublishChecks) -> TenantBook | None:
    def root(name: str) -> YamlPlace | None:
        return read_yaml(folder / name, f"{folder.name}/{name}", mistakes)

    tenant, policies, playbook, intents = (root(name) for name in FILES)
    labels = {"intent": tuple(read_intents(intents).phrases) if intents else ()}
    documents = read_documents(folder, mistakes, intents=labels["intent"] if intents else None)
    check_synced(folder, read_sources(folder, mistakes), mistakes)
    reader = PlaybookReader(playbook, articles_of(documents)) if playbook else None
    labels["behaviours"] = tuple(reader.behaviours) if reader else ()
    if tenant is None:
        return None
    settings = read_settings(tenant, checks)
    if not tenant.is_map:  # whatever the others name would be unknown
        return None
    models = read_models(tenant, labels, checks, has_subjects=any(each.subject for each in documents))
    play = reader.read(models) if reader else Playbook()
    endings = _dispositions(folder, play, mistakes, checks)
    rules = read_policies(policies, settings, models, play, checks) if policies else ()
    scorecards = read_scorecards(folder, play, mistakes)
    filing = read_filing(folder, mistakes)
    articles = {} if mistakes.found else fingerprints(articles_of(documents))
    book = TenantBook(
        tenant=folder.name,
        settings=settings,
        models=models,
        policies=rules,
        playbook=play,
        dispositions=endings,
        scorecards=scorecards,
        filing=filing,
        articles=articles,
        speech_words=speech_words(
            title=settings.title, written=read_speech_words(tenant), articles=articles_of(documents)
        ),
    ).sealed()
    if reader is not None and not mistakes.found:
        _warn(book, reader, documents, warned)
    return book


def _dispositions(folder: Path, play: Playbook, mistakes: Mistakes, checks: PublishChecks) -> Dispositions:
    if not (folder / DISPOSITIONS).exists():
        return Dispositions()
    root = read_yaml(folder / DISPOSITIONS, f"{folder.name}/{DISPOSITIONS}", mistakes)
    moments = {moment.name for part in play.sets for moment in part.moments}
    found = read_dispositions(root, moments) if root is not None else DispositionFile()
    languages = checks.task_languages("intent").tags or () if found.phrases else ()
    return Dispositions(codes=found.codes, languages=languages)


def _warn(book: TenantBook, reader: PlaybookReader, documents: Iterable[Document], warned: Mistakes) -> None:
    for each in warnings(book, {document.id: document.title for document in documents}):
        place = reader.actions[each.action]
        YamlPlace(place.file, place.node, warned).wrong(each.message)


def read_declared(folder: Path) -> DeclaredSources:
    """Whatever else may be wrong in the folder: what is fetched may put it right. Raises TenantMistaken."""
    mistakes = Mistakes()
    folder = folder if folder.name else folder.resolve()
    if wrong := _wrong_folder(folder):
        mistakes.add(folder.name, 1, 1, wrong)
        raise TenantMistaken(mistakes.found)
    sources = read_sources(folder, mistakes)
    tenant = read_yaml(folder / "tenant.yaml", f"{folder.name}/tenant.yaml", mistakes)
    written = {name: place for name, _, place in tenant.named("fields")} if tenant is not None else {}
    residency = written["residency"].one_of(tuple(BOUNDARIES), "residency", "eu") if "residency" in written else None
    if mistakes.found:
        raise TenantMistaken(mistakes.in_order())
    return DeclaredSources(sources, cast(Boundary | None, residency))


def read_articles(folder: Path) -> tuple[Article, ...]:
    """Of a tenant's folder without mistakes; the text is trimmed as it is for training, so that places agree."""
    return articles_of(read_documents(folder, Mistakes()))


def articles_of(documents: Iterable[Document]) -> tuple[Article, ...]:
    return tuple(Article(each.id, each.title, each.text, each.source, each.date) for each in documents)
