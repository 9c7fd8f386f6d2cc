"""A draft's text -> the book that publishing it would make, or every mistake with its line.

It is read by the reader that reads tenants' folders, against all else that the tenant has published: models and their
labels, articles, policies, codes of endings, quality forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sotto.tenants.articles import Article
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook import Playbook
from sotto.tenants.reading.conflicts import warnings
from sotto.tenants.reading.parsing import parse_yaml
from sotto.tenants.reading.places import Mistake, Mistakes, YamlPlace
from sotto.tenants.reading.playbook import PlaybookReader
from sotto.tenants.scorecards.checks import Names, faults

FILE = "playbook.yaml"
_WORD = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """``book`` is there when ``mistakes`` is empty. ``playbook``: as far as it could be read."""

    book: TenantBook | None
    playbook: Playbook
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def check(text: str, book: TenantBook, article: Callable[[str], Article | None]) -> Checked:
    """``book``: the current one. ``article``: of it, by id; asked for those whose ids are words of the text."""
    mistakes, warned = Mistakes(), Mistakes()
    root = parse_yaml(text, FILE, mistakes)
    if root is None:
        return Checked(None, Playbook(), tuple(mistakes.in_order()))
    reader = PlaybookReader(root, _articles(text, book, article))
    playbook = reader.read(book.models)
    if playbook.behaviours != dict(book.playbook.behaviours):
        _field(root, "behaviours", mistakes).wrong(
            "behaviours are examples that a model learns from, and publishing here trains none; leave them as they are"
            " published, and change them with 'sotto tenants push'"
        )
    for name, message in _missing(playbook, book):
        (reader.actions.get(name) or _field(root, "sets", mistakes)).wrong(message)
    found = tuple(mistakes.in_order())
    if found:
        return Checked(None, playbook, found)
    made = book.model_copy(update={"playbook": playbook}).sealed()
    for each in warnings(made, {}):
        place = reader.actions[each.action]
        YamlPlace(place.file, place.node, warned).wrong(each.message)
    return Checked(made, playbook, (), tuple(warned.in_order()))


def _articles(text: str, book: TenantBook, article: Callable[[str], Article | None]) -> list[Article]:
    words = set(_WORD.findall(text))
    return [article(each) or _unread(each) if each in words else _unread(each) for each in book.articles]


def _unread(article_id: str) -> Article:
    """Known by name; the text does not mention it."""
    return Article(article_id, article_id, "")


def _field(root: YamlPlace, name: str, mistakes: Mistakes) -> YamlPlace:
    """Where a field of the document stands; the document itself where it has none such."""
    for key, value in getattr(root.node, "value", []) if root.is_map else []:
        if getattr(key, "value", None) == name:
            return YamlPlace(root.file, value, mistakes)
    return root


def _missing(playbook: Playbook, book: TenantBook) -> Iterator[tuple[str, str]]:
    """What the rest of the book expects of a playbook, and the playbook of it: (an action, or nothing; what is
    wrong)."""
    sets = {one.name for one in playbook.sets}
    moments = {moment.name for one in playbook.sets for moment in one.moments}
    for policy in book.policies:
        for name in sorted({*policy.playbooks, *policy.leave_out_playbooks} - sets):
            yield (
                "",
                f"the policy '{policy.name}' names the set '{name}', which is not here; keep it",
            )
    for code in book.dispositions.codes:
        for name in sorted({*code.moments, *code.without} - moments):
            yield "", f"the ending '{code.code}' looks for the moment '{name}', which is not here; keep it"
    for form in book.scorecards:
        for fault in faults(form, Names.of(playbook)):
            yield "", f"the form '{form.name}', {fault.ref}: {fault.message}"
    run = {rule.id for policy in book.policies for rule in policy.run}
    for one in playbook.sets:
        for action in one.actions:
            if action.answer and action.answer.model and action.answer.model not in run:
                model = action.answer.model
                yield action.name, f"no policy runs '{model}', whose answers '{action.name}' shows"
