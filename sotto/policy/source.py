"""A tenant's folder -> its book, or every mistake in it with file, line and column.

tenant.yaml      settings, teams, models         sotto.policy.settings_source
policies.yaml    search policies                 sotto.policy.policies_source
playbook.yaml    moments, actions, checklists    sotto.policy.playbook_source
intents.yaml     names of intents (the phrases train the models)
knowledge/*.md   articles; the book names their versions
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sotto.errors import Rejected
from sotto.guidance.playbook import Playbook
from sotto.policy.articles import Article, fingerprints
from sotto.policy.book import TenantBook
from sotto.policy.playbook_source import PlaybookReader
from sotto.policy.policies_source import read_policies
from sotto.policy.reading import Mistake, Mistakes, Place, parse_yaml, read_text, read_yaml
from sotto.policy.settings_source import read_models, read_settings

FILES = ("tenant.yaml", "policies.yaml", "playbook.yaml", "intents.yaml")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class TenantMistaken(Rejected):
    """What a tenant wrote cannot be published; ``mistakes`` says where and why."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Loaded:
    """``book`` is there when ``mistakes`` is empty."""

    book: TenantBook | None
    mistakes: list[Mistake]


def load_tenant(folder: Path) -> Loaded:
    """Read and check a tenant's folder. Mistakes name files relative to ``folder``'s parent."""
    mistakes = Mistakes()
    folder = folder if folder.name else folder.resolve()  # "." has a name, too
    if wrong := _wrong_folder(folder):
        mistakes.add(folder.name, 1, 1, wrong)
        return Loaded(None, mistakes.found)
    book = _book(folder, mistakes)
    return Loaded(None if mistakes.found else book, mistakes.in_order())


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


def book_from(folder: Path) -> TenantBook:
    """The book of a folder that must be free of mistakes; raises TenantMistaken with all of them."""
    loaded = load_tenant(folder)
    if loaded.book is None:
        raise TenantMistaken(loaded.mistakes)
    return loaded.book


def _book(folder: Path, mistakes: Mistakes) -> TenantBook | None:
    def root(name: str) -> Place | None:
        return read_yaml(folder / name, f"{folder.name}/{name}", mistakes)

    tenant, policies, playbook, intents = (root(name) for name in FILES)
    labels = {"intent": _intents(intents) if intents else ()}
    reader = PlaybookReader(playbook) if playbook else None
    labels["behaviours"] = tuple(reader.behaviours) if reader else ()
    has_subjects = check_knowledge(folder, mistakes)
    if tenant is None:
        return None
    settings = read_settings(tenant)
    if not tenant.is_map:  # whatever the others name would be unknown
        return None
    models = read_models(tenant, labels, has_subjects=has_subjects)
    play = reader.read(models) if reader else Playbook()
    rules = read_policies(policies, settings, models, play) if policies else ()
    articles = {} if mistakes.found else fingerprints(read_articles(folder))
    return TenantBook(
        tenant=folder.name, settings=settings, models=models, policies=rules, playbook=play, articles=articles
    ).sealed()


def _intents(root: Place) -> tuple[str, ...]:
    fields = root.fields(
        ("version", "intents", "none_of_these", "entities"), needed=("version", "intents", "none_of_these")
    )
    names = []
    for name, key, value in fields["intents"].named("intents") if "intents" in fields else ():
        names.append(name)
        intent = value.fields(("phrases",), needed=("phrases",))
        if "phrases" in intent and len(intent["phrases"].words()) < 5:
            key.wrong(f"intent '{name}' has fewer than 5 phrases; write 10 to 20 different ones that callers say")
    return tuple(names)


def check_knowledge(folder: Path, mistakes: Mistakes) -> bool:
    """Every article has front matter (id, title) and text, and its own id. True if any names a subject."""
    seen: dict[str, str] = {}
    has_subjects = False
    for path in sorted((folder / "knowledge").glob("*")):
        file = f"{folder.name}/knowledge/{path.name}"
        if path.suffix != ".md":
            if not path.name.startswith("."):
                mistakes.add(file, 1, 1, "only *.md files are articles; rename it, or keep it elsewhere")
            continue
        content = read_text(path, file, mistakes)
        if content is None:
            continue
        head, text = front_matter(content)
        if content.strip() and not head.strip():
            mistakes.add(file, 1, 1, "an article begins with '---', 'id: ...', 'title: ...', '---'; write them first")
            continue
        place = parse_yaml("---\n" + head, file, mistakes)
        fields = place.fields(("id", "title", "tags", "subject"), needed=("id", "title")) if place else {}
        known = fields["id"].text() if "id" in fields else None
        if known is not None and (other := seen.setdefault(known, path.name)) != path.name:
            fields["id"].wrong(f"id '{known}' is already that of {other}; give this article its own")
        if not text.strip():
            mistakes.add(file, 1, 1, "the article has no text; write it below the second '---'")
        has_subjects = has_subjects or "subject" in fields
    return has_subjects


def read_articles(folder: Path) -> tuple[Article, ...]:
    """Of a tenant's folder without mistakes; the text is trimmed as it is for training, so that places agree."""
    return tuple(_article(path) for path in sorted((folder / "knowledge").glob("*.md")))


def _article(path: Path) -> Article:
    head, text = front_matter(path.read_text(encoding="utf-8"))
    place = parse_yaml("---\n" + head, path.name, Mistakes())
    fields = place.fields(("id", "title", "tags", "subject")) if place else {}
    named = {name: (fields[name].text() if name in fields else None) or path.stem for name in ("id", "title")}
    return Article(named["id"], named["title"], text.strip())


def front_matter(content: str) -> tuple[str, str]:
    """What stands between the first two ``---`` lines, and the text after them."""
    if not content.startswith("---\n") or "\n---\n" not in content[3:]:
        return "", content
    head, _, text = content[4:].partition("\n---\n")
    return head, text
