"""What a function needs beside its code. The CDK app turns each need into grants and environment, the embedded stack
into environment; a function that has not said that it needs something does not get it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotto.core.resources import AFTER_CALL, ARTIFACTS, GUIDE_UTTERANCE, SEARCH, TENANTS, StateMachineSpec, TableSpec
from sotto.core.settings import (
    AfterCallMachineArn,
    ConnectInstances,
    CustomerDomains,
    GuideMachineArn,
    OtherFunctions,
    Panels,
    Recognition,
    Residencies,
    SearchIndexes,
    Setting,
    SignedTenants,
    TenantBooks,
    TenantRoles,
    TextProviders,
    TokenIssuer,
    WebSocketPanels,
)


@dataclass(frozen=True, slots=True)
class Need:
    """``settings``: what the function is told so that it can use it."""

    settings: ClassVar[tuple[type[Setting], ...]] = ()
    tables: ClassVar[tuple[TableSpec, ...]] = ()
    buckets: ClassVar[tuple[str, ...]] = ()
    vector_buckets: ClassVar[tuple[str, ...]] = ()
    state_machines: ClassVar[tuple[StateMachineSpec, ...]] = ()


@dataclass(frozen=True, slots=True)
class Records(Need):
    """Items of a table, as the tenants whose they are."""

    table: TableSpec

    @property
    def tables(self) -> tuple[TableSpec, ...]:  # type: ignore[override]
        return (self.table,)

    @property
    def settings(self) -> tuple[type[Setting], ...]:  # type: ignore[override]
        return (*((self.table.setting,) if self.table.setting else ()), TenantRoles)


@dataclass(frozen=True, slots=True)
class Reads(Records):
    """By key and by query; nothing scans a table."""


@dataclass(frozen=True, slots=True)
class Keeps(Records):
    """Reads and writes items."""


@dataclass(frozen=True, slots=True)
class Appends(Records):
    """Adds items to a log and reads it; changes none."""


@dataclass(frozen=True, slots=True)
class ReadsBooks(Need):
    """What tenants have published: settings, playbooks, policies, articles."""

    tables = (TENANTS,)
    buckets = (ARTIFACTS,)
    settings = (TenantBooks, TenantRoles)


@dataclass(frozen=True, slots=True)
class KeepsIndexes(Need):
    """The tenants' search indexes."""

    vector_buckets = (SEARCH,)
    settings = (SearchIndexes, TenantRoles)


@dataclass(frozen=True, slots=True)
class AsksModels(Need):
    """The shard."""


@dataclass(frozen=True, slots=True)
class WritesTexts(Need):
    """By whoever the deployment names under ``generation``."""

    settings = (TextProviders, Residencies)


@dataclass(frozen=True, slots=True)
class Invokes(Need):
    """Other functions, asynchronously and by name."""

    functions: tuple[str, ...]

    settings = (OtherFunctions,)


@dataclass(frozen=True, slots=True)
class StartsGuideMachine(Need):
    settings = (GuideMachineArn,)
    state_machines = (GUIDE_UTTERANCE,)


@dataclass(frozen=True, slots=True)
class StartsAfterCall(Need):
    settings = (AfterCallMachineArn,)
    state_machines = (AFTER_CALL,)


@dataclass(frozen=True, slots=True)
class ShowsPanels(Need):
    """Publishes to agents' panels, by each tenant's channels."""

    settings = (Panels,)


@dataclass(frozen=True, slots=True)
class AnswersDesktops(Need):
    """Posts to connections of the WebSocket API."""

    settings = (WebSocketPanels,)


@dataclass(frozen=True, slots=True)
class ReadsMedia(Need):
    """Kinesis Video streams of the cell's Connect instances."""


@dataclass(frozen=True, slots=True)
class Recognises(Need):
    """Speech, by the tenants' providers."""

    settings = (Recognition, Residencies)


@dataclass(frozen=True, slots=True)
class VerifiesTokens(Need):
    """Of the deployment's OpenID Connect provider."""

    settings = (TokenIssuer, SignedTenants)


@dataclass(frozen=True, slots=True)
class AdmitsSigned(Need):
    """Callers whose tokens the API has verified, of the tenants that the issuer signs for."""

    settings = (SignedTenants,)


@dataclass(frozen=True, slots=True)
class ListsUsers(Need):
    """Users, hierarchy groups, queues and routing profiles of the cell's Connect instances."""

    settings = (ConnectInstances,)


@dataclass(frozen=True, slots=True)
class SearchesProfiles(Need):
    """Customer Profiles of the cell's Connect instances, where the deployment names their domains."""

    settings = (CustomerDomains,)


@dataclass(frozen=True, slots=True)
class WritesContacts(Need):
    """Attributes and tags of contacts of the cell's Connect instances."""


@dataclass(frozen=True, slots=True)
class AsksConnect(Need):
    """What the cell's Connect instances know of a contact."""
