"""What the tenant has published: of the book that is in force."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sotto.api.panel.request_models import NotFound
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape
from sotto.tenants.book import TenantBook


class BookTeam(Shown):
    name: str
    title: str


class Book(Shown):
    version: Annotated[str, Field(description="Made from the content: equal books have equal versions.")]
    title: str
    language: str
    teams: list[BookTeam]
    policies: list[str]
    playbooks: list[str]
    forms: list[str]
    articles: list[str]


class BookDocuments(Shown):
    version: str
    data: Annotated[list[dict[str, Any]], Field(description="As they are published.")]


class DispositionCode(Shown):
    code: str
    title: str


class Dispositions(Shown):
    version: str
    data: list[DispositionCode]


class Article(Shown):
    id: str
    title: str
    text: str
    source: str
    date: str


_NO_DOCUMENTS = {"version": "e0c8d73e7138", "data": []}
_READ: Any = {"action": Action.READ_BOOK, "scope": "book:read"}


@route(
    "GET", "/v1/book", **_READ, answers=Book,
    example=Example(
        answer={
            "version": "e0c8d73e7138", "title": "bank", "language": "en-US", "teams": [], "policies": [],
            "playbooks": [], "forms": [], "articles": ["fees"],
        },
    ),
)  # fmt: skip
def get_book(asked: Asked, ports: ApiPorts) -> Shape:
    """What there is in the book, by name."""
    book = _book(asked, ports)
    return {
        "version": book.version,
        "title": book.settings.title,
        "language": book.settings.language,
        "teams": [{"name": name, "title": each.title} for name, each in book.settings.teams.items()],
        "policies": [each.name for each in book.policies],
        "playbooks": [each.name for each in book.playbook.sets],
        "forms": [each.name for each in book.scorecards],
        "articles": sorted(book.articles),
    }


@route("GET", "/v1/book/playbooks", **_READ, answers=BookDocuments, example=Example(answer=_NO_DOCUMENTS))
def list_playbooks(asked: Asked, ports: ApiPorts) -> Shape:
    """Moments, actions and checklists."""
    book = _book(asked, ports)
    return _documents(book, book.playbook.sets)


@route("GET", "/v1/book/policies", **_READ, answers=BookDocuments, example=Example(answer=_NO_DOCUMENTS))
def list_policies(asked: Asked, ports: ApiPorts) -> Shape:
    """Which models run for whom."""
    book = _book(asked, ports)
    return _documents(book, book.policies)


@route("GET", "/v1/book/forms", **_READ, answers=BookDocuments, example=Example(answer=_NO_DOCUMENTS))
def list_forms(asked: Asked, ports: ApiPorts) -> Shape:
    """Quality forms."""
    book = _book(asked, ports)
    return _documents(book, book.scorecards)


@route(
    "GET", "/v1/book/dispositions", **_READ, answers=Dispositions,
    example=Example(answer={"version": "e0c8d73e7138", "data": [{"code": "saved", "title": "Customer stays"}]}),
)  # fmt: skip
def list_dispositions(asked: Asked, ports: ApiPorts) -> Shape:
    """How calls may end."""
    book = _book(asked, ports)
    return {
        "version": book.version,
        "data": [{"code": each.code, "title": each.title} for each in book.dispositions.codes],
    }


@route(
    "GET", "/v1/book/articles/{article_id}", **_READ, answers=Article,
    example=Example(
        path={"article_id": "fees"},
        answer={"id": "fees", "title": "Fees", "text": "There are none.", "source": "", "date": ""},
    ),
)  # fmt: skip
def get_article(asked: Asked, ports: ApiPorts) -> Shape:
    """One article of the knowledge base."""
    found = ports.panel().articles.article(asked.caller.tenant, asked.path["article_id"])
    if found is None:
        raise NotFound("article_id: there is no such article; the book lists those that there are")
    return {"id": found.id, "title": found.title, "text": found.text, "source": found.source, "date": found.date}


def _book(asked: Asked, ports: ApiPorts) -> TenantBook:
    return ports.panel().books.current(asked.caller.tenant)


def _documents(book: TenantBook, found: Any) -> Shape:
    return {"version": book.version, "data": [each.model_dump(mode="json") for each in found]}
