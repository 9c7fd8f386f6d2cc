"""Reads playbook.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from sotto.graph.graph import circle
from sotto.graph.node import ANSWERING
from sotto.tenants.article_text import sentences
from sotto.tenants.articles import Article
from sotto.tenants.book import ModelUse
from sotto.tenants.guidance_settings import SEVERITIES
from sotto.tenants.playbook import (
    ANCHORS,
    CALL_START,
    AnswerRule,
    ChecklistDefinition,
    Condition,
    Detected,
    Item,
    Moment,
    Phrases,
    Playbook,
    PlaybookAction,
    PlaybookSet,
    Show,
    Source,
    conditions_of,
    moments_named_in,
    parts_of,
    walk,
)
from sotto.tenants.reading.channels import read_channel
from sotto.tenants.reading.conditions import ConditionReader
from sotto.tenants.reading.phrases_source import read_phrases
from sotto.tenants.reading.places import YamlPlace

T = TypeVar("T")
FEWEST_PHRASES = 2
"""Of a behaviour: some are learned from, others judged by."""
_ACTION_FIELDS = (
    "when", "answer", "unless", "withdraw_when", "instead_of", "severity", "expires", "once", "again_after", "show",
    "channel",
)  # fmt: skip


class PlaybookReader:
    """Two steps, because the models' labels (behaviours) come from here and the conditions name models' labels."""

    def __init__(self, root: YamlPlace, articles: Iterable[Article] = ()) -> None:
        self._fields = root.fields(("version", "behaviours", "sets"), needed=("version", "sets"))
        if "version" in self._fields:
            self._fields["version"].version()
        behaviours = self._fields.get("behaviours")
        self.behaviours = read_phrases(behaviours, "behaviours", FEWEST_PHRASES) if behaviours else {}
        self._articles = {article.id: article for article in articles}
        self.actions: dict[str, YamlPlace] = {}
        """Where each action is named."""
        self._moments: dict[str, YamlPlace] = {}

    def read(self, models: Mapping[str, ModelUse]) -> Playbook:
        sets = self._fields["sets"].named("playbook sets") if "sets" in self._fields else []
        pieces = [(name, place.fields(("moments", "actions", "checklists"))) for name, _, place in sets]
        for _, fields in pieces:
            for moment, key, value in fields["moments"].named("moments") if "moments" in fields else ():
                if moment in self._moments:
                    key.wrong(f"there are two moments named '{moment}'; rename one")
                if moment in ANCHORS:
                    key.wrong(f"'{moment}' has a meaning of its own; give the moment another name")
                self._moments.setdefault(moment, value)
            for action, key, _ in fields["actions"].named("actions") if "actions" in fields else ():
                if action in self.actions:
                    key.wrong(f"there are two actions named '{action}'; rename one")
                self.actions.setdefault(action, key)
        self._models = models
        self._conditions = ConditionReader(models, set(self._moments))
        read = tuple(self._set(name, fields) for name, fields in pieces)
        self._check_circles(read)
        return Playbook(behaviours=self.behaviours, sets=read)

    def _set(self, name: str, fields: Mapping[str, YamlPlace]) -> PlaybookSet:
        return PlaybookSet(
            name=name,
            moments=_each(fields.get("moments"), "moments", self._moment),
            actions=_each(fields.get("actions"), "actions", self._action),
            checklists=_each(fields.get("checklists"), "checklists", self._checklist),
        )

    def _moment(self, name: str, key: YamlPlace, place: YamlPlace) -> Moment | None:
        known = ("title", "when", "severity", "once", "again_after", "quiet", "outcome", "fact", "channel")
        fields = place.fields(known, needed=("when",))
        when = self._conditions.read(fields["when"]) if "when" in fields else None
        if when is None:
            return None
        is_fact = "fact" in fields and fields["fact"].truth()
        if is_fact:
            _check_fact(when, fields)
        return Moment(
            name=name,
            when=when,
            title=_text(fields, "title") or name.replace("_", " ").capitalize(),
            severity=_severity(fields),
            once="once" in fields and fields["once"].truth(),
            again_after_ms=_time(fields, "again_after", 0 if is_fact else 60_000),
            quiet="quiet" in fields and fields["quiet"].truth(),
            outcome="outcome" in fields and fields["outcome"].truth(),
            fact=is_fact,
            channel=read_channel(fields),
        )

    def _action(self, name: str, key: YamlPlace, place: YamlPlace) -> PlaybookAction | None:
        fields = place.fields(_ACTION_FIELDS, needed=("show",))
        if ("when" in fields) == ("answer" in fields):
            key.wrong("an action needs either 'when' (what triggers it) or 'answer' (which knowledge model it shows)")
        read = self._conditions.read
        return PlaybookAction(
            name=name,
            show=self._show(fields["show"]) if "show" in fields else Show(title=name),
            when=read(fields["when"]) if "when" in fields else None,
            answer=self._answer(fields["answer"]) if "answer" in fields else None,
            unless=read(fields["unless"]) if "unless" in fields else None,
            withdraw_when=read(fields["withdraw_when"]) if "withdraw_when" in fields else None,
            severity=_severity(fields),
            expires_ms=fields["expires"].duration_ms(least_ms=1000) if "expires" in fields else None,
            once="once" in fields and fields["once"].truth(),
            again_after_ms=_time(fields, "again_after", 120_000),
            instead_of=self._instead_of(name, fields["instead_of"]) if "instead_of" in fields else (),
            channel=read_channel(fields),
        )

    def _instead_of(self, name: str, place: YamlPlace) -> tuple[str, ...]:
        return place.known(set(self.actions) - {name}, "other action")

    def _show(self, place: YamlPlace) -> Show:
        fields = place.fields(("title", "text", "reply", "done_text", "article"), needed=("title",))
        texts = {name: _text(fields, name) for name in ("title", "text", "reply", "done_text")}
        return Show(**texts, source=self._source(fields["article"]) if "article" in fields else None)

    def _source(self, place: YamlPlace) -> Source | None:
        for known in place.known(self._articles, "article"):
            article = self._articles[known]
            quote = next(iter(sentences(article.text)), article.text)
            return Source(article=article.id, title=article.title, quote=quote)
        return None

    def _answer(self, place: YamlPlace) -> AnswerRule:
        fields = place.fields(("model", "at_least"), needed=("model",))
        knowing = [name for name, use in self._models.items() if use.task in ANSWERING]
        names = fields["model"].known(knowing, "knowledge model") if "model" in fields else ()
        at_least = fields["at_least"].number(0, 1, 0.5) if "at_least" in fields else 0.5
        return AnswerRule(model=names[0] if names else "", at_least=at_least)

    def _checklist(self, name: str, key: YamlPlace, place: YamlPlace) -> ChecklistDefinition:
        fields = place.fields(("title", "items"), needed=("items",))
        items = _each(fields.get("items"), "items", self._item)
        return ChecklistDefinition(
            name=name, title=_text(fields, "title") or name.replace("_", " ").capitalize(), items=items
        )

    def _item(self, name: str, key: YamlPlace, place: YamlPlace) -> Item | None:
        known = ("title", "done_when", "needed_when", "within", "after", "channel")
        fields = place.fields(known, needed=("title", "done_when"))
        done = self._conditions.read(fields["done_when"]) if "done_when" in fields else None
        if done is None:
            return None
        return Item(
            name=name,
            title=_text(fields, "title"),
            done_when=done,
            needed_when=self._conditions.read(fields["needed_when"]) if "needed_when" in fields else None,
            within_ms=fields["within"].duration_ms() if "within" in fields else None,
            after=self._conditions.anchor(fields.get("after"), default=CALL_START),
            channel=read_channel(fields),
        )

    def _check_circles(self, sets: tuple[PlaybookSet, ...]) -> None:
        needs = {
            moment.name: sorted(set().union(*map(moments_named_in, conditions_of(moment))))
            for one in sets
            for moment in one.moments
        }
        if found := circle(needs):
            self._moments[found[0]].wrong(f"moments wait for each other: {' -> '.join(found)}; remove one mention")


def _each(place: YamlPlace | None, what: str, read: Callable[[str, YamlPlace, YamlPlace], T | None]) -> tuple[T, ...]:
    entries = place.named(what) if place else []
    return tuple(one for name, key, value in entries if (one := read(name, key, value)) is not None)


def _check_fact(when: Condition, fields: Mapping[str, YamlPlace]) -> None:
    """What is shown of it are words, and it is shown."""
    leaves = [part for part in walk(when) if not parts_of(part)]
    if not all(
        isinstance(leaf, Phrases) or (isinstance(leaf, Detected) and leaf.task == "entities") for leaf in leaves
    ):
        fields["when"].wrong("a fact is words of the call: give 'entity' or 'phrases', alone or as a list")
    for other in ("quiet", "outcome"):
        if other in fields and fields[other].truth():
            fields[other].wrong(f"a fact is shown among the call's facts; take out '{other}' or 'fact'")


def _text(fields: Mapping[str, YamlPlace], name: str) -> str:
    return (fields[name].text() or "") if name in fields else ""


def _severity(fields: Mapping[str, YamlPlace]) -> str:
    return fields["severity"].one_of(SEVERITIES, "severity", "info") if "severity" in fields else "info"


def _time(fields: Mapping[str, YamlPlace], name: str, default: int) -> int:
    return fields[name].duration_ms(least_ms=0) if name in fields else default
