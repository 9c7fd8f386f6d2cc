"""Reads tenant.yaml: settings, teams and models."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sotto.core.residency import BOUNDARIES
from sotto.tenants.book import AUDIT_DAYS, Consent, ModelUse, RecordingPolicy, Team, TenantSettings
from sotto.tenants.customer_fields import CustomerSettings
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.learning import LearningSettings
from sotto.tenants.reading.budgets import read_budgets
from sotto.tenants.reading.consent import read_consent
from sotto.tenants.reading.customer import read_customer
from sotto.tenants.reading.guidance_settings import read_guidance
from sotto.tenants.reading.instance_names import name_places, username_places
from sotto.tenants.reading.languages import check_settings, read_language, read_queue_languages
from sotto.tenants.reading.learning import read_learning
from sotto.tenants.reading.places import YamlPlace
from sotto.tenants.reading.publish_checks import DirectoryNames, PublishChecks
from sotto.tenants.reading.redaction import read_redaction
from sotto.tenants.reading.retention import read_identities, read_retention
from sotto.tenants.reading.workflows import read_workflows
from sotto.tenants.speech_words import LONGEST_WORD

TASKS = ("intent", "sentiment", "behaviours", "entities", "knowledge", "answer", "reply")
FIXED_LABELS: Mapping[str, tuple[str, ...]] = {"sentiment": ("positive", "neutral", "negative")}
RECOGNISERS = ("embedded", "transcript", "transcribe", "deepgram", "self_hosted")
LONGEST_HOUSE_RULES = 4_000
MOST_TEXT_ATTRIBUTES = 10
MOST_WRITTEN_WORDS = 100
_SPOKEN = re.compile(r"[^\W\d_][^\W\d_'’. -]*(?:[ '’.-]+[^\W\d_'’. -]+)*\.?")
MOST_INSTANCES = 40
"""A publish claims those of a book and releases those of the former one in one transaction, of 100 items at most."""
_INSTANCE = re.compile(
    r"(?:arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_MODEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PACKAGE = re.compile(rf"{_MODEL.pattern}(?:/{_MODEL.pattern})?")
_FIELDS = (
    "version", "title", "instances", "language", "queue_languages", "residency", "recognisers", "consent",
    "retention_days", "audit_days", "redaction", "teams", "models", "house_rules", "text_attributes", "guidance",
    "listen_to_menus", "customer", "words", "recordings", "retention", "identities", "learning",
    "budgets", "workflows",
)  # fmt: skip

_MEMBERS = ("agents", "groups", "routing_profiles")


def read_settings(root: YamlPlace, checks: PublishChecks) -> TenantSettings:
    fields = root.fields(_FIELDS, needed=("version", "title", "instances", "teams", "models"))
    if "version" in fields:
        fields["version"].version()
    recognisers = fields["recognisers"].known(RECOGNISERS, "recogniser") if "recognisers" in fields else ()
    redaction, acknowledged = read_redaction(fields["redaction"]) if "redaction" in fields else ({}, ())
    days = int(fields["retention_days"].number(1, 3650, 30)) if "retention_days" in fields else 30
    settings = TenantSettings(
        title=(fields["title"].text() or "") if "title" in fields else "",
        instances=_instances(fields["instances"]) if "instances" in fields else (),
        language=read_language(fields["language"], "en-US", checks) if "language" in fields else "en-US",
        queue_languages=read_queue_languages(fields["queue_languages"], checks) if "queue_languages" in fields else {},
        residency=fields["residency"].one_of(tuple(BOUNDARIES), "residency", "eu") if "residency" in fields else None,
        recognisers=recognisers or ("embedded",),
        listen_to_menus="listen_to_menus" in fields and fields["listen_to_menus"].truth(),
        consent=read_consent(fields["consent"]) if "consent" in fields else Consent(),
        audit_days=int(fields["audit_days"].number(30, 3650, AUDIT_DAYS)) if "audit_days" in fields else AUDIT_DAYS,
        retention_days=days,
        retention=read_retention(fields["retention"], days) if "retention" in fields else {},
        identities=read_identities(fields["identities"]) if "identities" in fields else {},
        redaction=redaction,
        acknowledged_unredacted=acknowledged,
        teams=_teams(fields["teams"], checks.directory) if "teams" in fields else {},
        house_rules=_house_rules(fields["house_rules"]) if "house_rules" in fields else (),
        text_attributes=_text_attributes(fields["text_attributes"]) if "text_attributes" in fields else (),
        guidance=read_guidance(fields["guidance"]) if "guidance" in fields else GuidanceSettings(),
        customer=read_customer(fields["customer"], redaction) if "customer" in fields else CustomerSettings(),
        recordings=_recordings(fields["recordings"]) if "recordings" in fields else RecordingPolicy(),
        budgets=read_budgets(fields["budgets"]) if "budgets" in fields else (),
        workflows=read_workflows(fields["workflows"], checks) if "workflows" in fields else {},
        learning=read_learning(fields["learning"]) if "learning" in fields else LearningSettings(),
    )
    check_settings(settings, fields, checks)
    return settings


def _recordings(place: YamlPlace) -> RecordingPolicy:
    fields = place.fields(("suspend", "delete_original"))
    return RecordingPolicy(
        suspend=fields["suspend"].truth() if "suspend" in fields else True,
        delete_original="delete_original" in fields and fields["delete_original"].truth(),
    )


def read_speech_words(root: YamlPlace) -> tuple[str, ...]:
    """``words``: names of products and whatever else recognisers should know how to write."""
    place = {name: value for name, _, value in root.named("fields")}.get("words") if root.is_map else None
    if place is None:
        return ()
    words = place.words()
    if len(words) > MOST_WRITTEN_WORDS:
        place.wrong(
            f"recognisers take few words, and these are {len(words)}; keep the {MOST_WRITTEN_WORDS} that matter"
        )
    for word, item in place.texts():
        if len(word) > LONGEST_WORD or not _SPOKEN.fullmatch(word):
            item.wrong(
                f"'{word[:20]}' is not as people say it: use letters, spaces, hyphens and apostrophes, at most "
                f"{LONGEST_WORD} characters; write numbers and signs out"
            )
    return words


def _house_rules(place: YamlPlace) -> tuple[str, ...]:
    rules = place.words()
    if sum(len(rule) + 1 for rule in rules) > LONGEST_HOUSE_RULES:
        place.wrong(
            f"the house rules have more than {LONGEST_HOUSE_RULES} characters; models need no more to be polite"
        )
    return rules


def _text_attributes(place: YamlPlace) -> tuple[str, ...]:
    names = place.words()
    if len(names) > MOST_TEXT_ATTRIBUTES:
        place.wrong(f"texts see {MOST_TEXT_ATTRIBUTES} attributes at most, and these are {len(names)}; keep what helps")
    return tuple(dict.fromkeys(names))


def _instances(place: YamlPlace) -> tuple[str, ...]:
    """The ids of Connect instances; an ARN is cut to its id."""
    return tuple(instance for instance, _ in instance_places(place))


def instance_places(place: YamlPlace) -> list[tuple[str, YamlPlace]]:
    found: dict[str, YamlPlace] = {}
    for text, item in place.texts():
        instance = text.rpartition("/")[2]
        if not _INSTANCE.fullmatch(text):
            item.wrong(f"'{text}' is not a Connect instance; copy the instance ARN from the Connect console")
        elif instance in found:
            item.wrong(f"{instance} is listed twice; take one out")
        else:
            found[instance] = item
    if len(found) > MOST_INSTANCES:
        place.wrong(f"{len(found)} instances are more than {MOST_INSTANCES}; split the tenant")
    return list(found.items())


def _teams(place: YamlPlace, directory: DirectoryNames) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    member_of: dict[tuple[str, str], str] = {}

    def members(what: str, found: list[tuple[str, YamlPlace]], team: str) -> tuple[str, ...]:
        for name, item in found:
            other = member_of.setdefault((what, name.casefold()), team)
            if other != team:
                item.wrong(f"{what} '{name}' is already in team '{other}'; an agent has one team")
        return tuple(name for name, _ in found)

    for name, _, value in place.named("teams"):
        fields = value.fields(("title", *_MEMBERS))
        if value.is_map and not any(each in fields for each in _MEMBERS):
            value.wrong("say who is in the team: agents (usernames), groups or routing_profiles, as Connect names them")
        title = fields["title"].text() if "title" in fields else None
        agents = username_places(fields["agents"], directory.usernames) if "agents" in fields else []
        groups = name_places(fields["groups"], "hierarchy group", directory.groups) if "groups" in fields else []
        profiles = (
            name_places(fields["routing_profiles"], "routing profile", directory.routing_profiles)
            if "routing_profiles" in fields
            else []
        )
        teams[name] = Team(
            title=title or name,
            agents=members("agent", agents, name),
            groups=members("hierarchy group", groups, name),
            routing_profiles=members("routing profile", profiles, name),
        )
    return teams


def read_models(
    root: YamlPlace, labels: Mapping[str, tuple[str, ...]], checks: PublishChecks, *, has_subjects: bool = False
) -> dict[str, ModelUse]:
    """The tenant's models. Labels of intents and behaviours come from intents.yaml and playbook.yaml.

    ``has_subjects``: articles name what they are about, so the knowledge model looks at what the call has named.
    """
    place = {name: value for name, _, value in root.named("fields")}.get("models") if root.is_map else None
    models: dict[str, ModelUse] = {}
    for name, key, value in place.named("models") if place else ():
        fields = value.fields(("task", "package", "labels", "languages"), needed=("task", "package"))
        if not _MODEL.fullmatch(name):
            key.wrong("a model is called by 1 to 64 of a-z, 0-9, '_' and '-', and begins with one of a-z or 0-9")
        task = fields["task"].one_of(TASKS, "task", "intent") if "task" in fields else "intent"
        own = fields["labels"].words() if "labels" in fields else ()
        models[name] = ModelUse(
            task=task,
            package=_package(fields["package"]) if "package" in fields else "",
            languages=fields["languages"].words() if "languages" in fields else checks.task_languages(task).tags or (),
            labels=own or labels.get(task, ()) or FIXED_LABELS.get(task, ()),
            context=has_subjects and task == "knowledge",
        )
    return models


def _package(place: YamlPlace) -> str:
    text = place.text() or ""
    if not _PACKAGE.fullmatch(text):
        place.wrong(f"'{text}' is no package; write tenant/model, such as harbour_bank/intent, or any")
    return text
