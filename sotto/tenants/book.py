"""All that a tenant published: settings, models, search policies and playbook, as one immutable version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Protocol

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from sotto.call.contact import Channel, Contact, Speaker
from sotto.call.language import DEFAULT_LANGUAGE, LanguageSet, overlap, tag_of
from sotto.core.subject_data import DataKind
from sotto.tenants.budgets import Budget
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule
from sotto.tenants.customer_fields import CustomerSettings
from sotto.tenants.dispositions import Dispositions
from sotto.tenants.filing import Filing
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.learning import LearningSettings
from sotto.tenants.playbook import Playbook
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction
from sotto.tenants.scorecards.form import Form
from sotto.tenants.workflows import WorkflowUse

GRANTING_VALUES = ("yes", "true", "granted")
EVERYONE = (Speaker.CUSTOMER, Speaker.AGENT)


NEED_ACKNOWLEDGEMENT = (PrivateKind.CARD_NUMBER.value, PrivateKind.SECURITY_CODE.value)
"""Who keeps these in clear is bound by the card industry's rules, and may never keep the second after the payment."""
LANGUAGE = "language"
"""The contact attribute by which a flow says what language a call is in; in any case."""
AUDIT_DAYS = 730
"""Two yearly audits, unless a tenant writes otherwise."""


class Published(BaseModel):
    """Frozen, and strict about names: a field that nobody reads is a mistake that nobody sees."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Team(Published):
    """Who is in it: ``agents`` by username, and whoever the directory has in one of the hierarchy ``groups`` or under
    one of the ``routing_profiles``, by name."""

    title: str = ""
    agents: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    routing_profiles: tuple[str, ...] = ()


class OnRefusal(StrEnum):
    """What a spoken refusal in mid-call does. ``drop``: stop, and delete what was kept of the call."""

    IGNORE = "ignore"
    STOP = "stop"
    DROP = "drop"


class Consent(Published):
    """Who may be listened to; ``rule`` says what the fields mean. Tuples, so that equal books have equal versions."""

    basis: ConsentBasis = ConsentBasis.ALWAYS
    attribute: str = ""
    values: tuple[str, ...] = ()
    excluded_numbers: tuple[str, ...] = ()
    on_refusal: OnRefusal = OnRefusal.STOP
    refusal_by: tuple[Speaker, ...] = (Speaker.CUSTOMER,)

    @property
    def rule(self) -> ConsentRule:
        return ConsentRule(
            basis=self.basis,
            attribute=self.attribute,
            values=frozenset(self.values),
            excluded_prefixes=self.excluded_numbers,
            stop_on_refusal=self.on_refusal is not OnRefusal.IGNORE,
            drop_on_refusal=self.on_refusal is OnRefusal.DROP,
            refusal_by=frozenset(self.refusal_by),
        )

    @classmethod
    def short(cls, text: str) -> Consent:
        """``always``, ``never`` or ``attribute:NAME``, whose value must be yes."""
        kind, _, attribute = text.partition(":")
        return cls(basis=ConsentBasis(kind), attribute=attribute, values=GRANTING_VALUES if attribute else ())


class RecordingPolicy(Published):
    """What becomes of Connect's recordings. ``suspend``: Connect records nothing while a card is due.
    ``delete_original``: the unredacted version is deleted once the redacted one is proven and published."""

    suspend: bool = True
    delete_original: bool = False


def _consent(value: Any) -> Any:
    # Books that were published before rules had fields.
    return Consent.short(value) if isinstance(value, str) else value


class TenantSettings(Published):
    """``redaction``: kind of private talk -> what becomes of it (redaction_rules).
    ``queue_languages``: queue's name -> language of its calls, where that is not ``language``.
    ``acknowledged_unredacted``: kinds that are kept in clear on purpose. ``recognisers``: the preferred first.
    ``residency``: nothing of the tenant is processed outside (sotto.core.residency).
    ``listen_to_menus``: what is played to customers before and between agents is transcribed, as the system's.
    ``retention``: kind of data -> days, where that is not ``retention_days`` (sotto.core.subject_data.DataKind).
    ``identities``: the contact attributes in which flows say who calls: ``email`` and ``customer_id`` -> name.
    ``house_rules``: tone and standing offers, for texts that models write; ``text_attributes``: contact attributes that
    are told to those models. ``budgets``: what those may cost. ``workflows``: those that run by themselves."""

    title: str
    instances: tuple[str, ...]
    language: str = DEFAULT_LANGUAGE
    queue_languages: Mapping[str, str] = {}
    residency: str | None = None
    recognisers: tuple[str, ...] = ("embedded",)
    listen_to_menus: bool = False
    consent: Annotated[Consent, BeforeValidator(_consent)] = Consent()
    retention_days: int = 30
    audit_days: int = AUDIT_DAYS
    retention: Mapping[str, int] = {}
    identities: Mapping[str, str] = {}
    redaction: Mapping[str, str] = {}
    acknowledged_unredacted: tuple[str, ...] = ()
    teams: Mapping[str, Team] = {}
    house_rules: tuple[str, ...] = ()
    text_attributes: tuple[str, ...] = ()
    guidance: GuidanceSettings = GuidanceSettings()
    customer: CustomerSettings = CustomerSettings()
    recordings: RecordingPolicy = RecordingPolicy()
    learning: LearningSettings = LearningSettings()
    budgets: tuple[Budget, ...] = ()
    workflows: Mapping[str, WorkflowUse] = {}

    @property
    def redaction_in_effect(self) -> dict[str, str]:
        """Without what stays in clear and was not acknowledged: books were published before that was asked for."""
        asked_for = set(NEED_ACKNOWLEDGEMENT) - set(self.acknowledged_unredacted)
        return {
            kind: done
            for kind, done in self.redaction.items()
            if not (kind in asked_for and done == RedactionAction.OFF)
        }

    def days_of(self, kind: DataKind | None) -> int:
        """How long it is kept; None: the contact itself."""
        return self.retention.get(kind.value, self.retention_days) if kind is not None else self.retention_days

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which the tenant expects calls, its default first."""
        return tuple(dict.fromkeys((self.language, *self.queue_languages.values())))

    def language_of(self, contact: Contact) -> str:
        """What the contact attribute ``language`` names, or else what its queue is for, what Connect says, or what the
        tenant's calls are in: Connect says en-US of a contact whose flow has set nothing."""
        attribute = next((value for name, value in contact.attributes.items() if name.casefold() == LANGUAGE), "")
        chosen = tag_of(attribute) or self.queue_languages.get(contact.queue or "")
        if chosen:
            return chosen
        return self.language if contact.language in ("", DEFAULT_LANGUAGE) else contact.language

    def team_of(self, agent: str | None, groups: Sequence[str] = (), routing_profile: str | None = None) -> str | None:
        """The team that lists this agent; else the one of the deepest of the agent's ``groups`` (from level 1 down), or
        else of the routing profile. None for somebody of none."""
        username = (agent or "").casefold()
        by_name = {each.casefold(): name for name, team in self.teams.items() for each in team.agents}
        by_group = {each: name for name, team in self.teams.items() for each in team.groups}
        by_profile = {each: name for name, team in self.teams.items() for each in team.routing_profiles}
        deepest = next((by_group[each] for each in reversed(groups) if each in by_group), None)
        return by_name.get(username) or deepest or by_profile.get(routing_profile or "")


class ModelUse(Published):
    """A logical model of the tenant. ``package`` is a TargetModel prefix; no ``labels`` means: any label.

    ``context``: its answers depend on what was said before. ``languages`` that it understands; empty for all, as in
    books that were published before models had any.
    """

    task: str
    package: str
    languages: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    context: bool = False

    def understands(self, language: str) -> bool:
        return not self.languages or language in LanguageSet(self.languages)


class Hours(Published):
    """A weekly interval in local time. ``days``: 0 is Monday; one that passes midnight belongs to the day it begins.

    ``to_minute`` may be 1440 (the end of the day). At a change of clocks the interval begins at the first occurrence of
    its start and ends at the last occurrence of its end.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    from_minute: int = 0
    to_minute: int = 1440
    zone: str = "UTC"


class When(Published):
    """Which conversations a policy is for. Kinds are joined by and, the values of a kind by or; empty: everybody.
    ``agents`` are usernames; ``groups``, ``routing_profiles`` and ``queues`` are names as Connect shows them.

    ``attributes``: name -> accepted values; an empty tuple accepts any value as long as the attribute is there.
    """

    teams: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    routing_profiles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = {}
    customer: Mapping[str, tuple[str, ...]] = {}
    """As ``attributes``, of the fields that tenant.yaml lists under ``customer``."""
    hours: tuple[Hours, ...] = ()

    @property
    def specificity(self) -> tuple[int, ...]:
        """Greater is more specific: a named agent before attributes and customer, queue, routing profile, hierarchy
        group, team, hours, language and channel."""
        kinds = (
            self.queues, self.routing_profiles, self.groups, self.teams, self.hours, self.languages, self.channels,
        )  # fmt: skip
        return (int(bool(self.agents)), len(self.attributes) + len(self.customer), *(int(bool(kind)) for kind in kinds))

    def is_for_language(self, language: str) -> bool:
        """``de`` among ``languages`` means every German, ``de-AT`` that of Austria."""
        return not self.languages or any(overlap(language, each) for each in self.languages)


class NodeRule(Published):
    """One model that a policy runs. ``even_without``: run although a model it comes after gave nothing. ``context``: it
    gets the utterances before, too (sotto.inference.earlier_utterances)."""

    id: str
    model: str
    task: str
    after: tuple[str, ...] = ()
    only_if: Mapping[str, Any] | None = None
    deadline_ms: int = 400
    speakers: tuple[Speaker, ...] = EVERYONE
    # Books that were published before say ``on_partials``.
    on_interims: bool = Field(default=False, validation_alias=AliasChoices("on_interims", "on_partials"))
    even_without: bool = False
    context: bool = False


class Policy(Published):
    """``audited``: its graphs run where each step is kept, which is Step Functions."""

    name: str
    when: When = When()
    run: tuple[NodeRule, ...] = ()
    playbooks: tuple[str, ...] = ()
    leave_out_models: tuple[str, ...] = ()
    leave_out_playbooks: tuple[str, ...] = ()
    audited: bool = False


class TenantBook(Published):
    """One published version. ``version`` is made from the content: equal content has an equal version."""

    tenant: str
    version: str = ""
    settings: TenantSettings
    models: Mapping[str, ModelUse] = {}
    policies: tuple[Policy, ...] = ()
    playbook: Playbook = Playbook()
    dispositions: Dispositions = Dispositions()
    scorecards: tuple[Form, ...] = ()
    filing: Filing = Filing()
    articles: Mapping[str, str] = {}
    """Article's id -> what stands for its content (sotto.tenants.articles)."""
    speech_words: tuple[str, ...] = ()
    """What recognisers are given (sotto.tenants.speech_words)."""

    def sealed(self) -> TenantBook:
        """The same book with its version filled in."""
        content = self.model_copy(update={"version": ""}).model_dump_json()
        return self.model_copy(update={"version": hashlib.sha256(content.encode()).hexdigest()[:12]})


BOOK: TypeAdapter[TenantBook] = TypeAdapter(TenantBook)


class BookReader(Protocol):
    def current(self, tenant: str) -> TenantBook:
        """The version that the tenant has published."""
        ...
