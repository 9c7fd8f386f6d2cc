"""What a function needs beside its code. The CDK app turns each need into grants and environment, the embedded stack
into environment; a function that has not said that it needs something does not get it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotto.core.resources import (
    AFTER_CALL,
    ARTIFACTS,
    FACTS,
    GUIDE_UTTERANCE,
    IMPORT_CONVERSATIONS,
    RECORDINGS,
    REVIEW,
    RUN_WORKFLOW,
    SEARCH,
    TENANTS,
    StateMachineSpec,
    TableSpec,
)
from sotto.core.settings import (
    AfterCallMachineArn,
    AlertTopics,
    CertificateKey,
    ConnectInstances,
    CustomerDomains,
    FactStore,
    FilingAddresses,
    GuideMachineArn,
    ImportMachineArn,
    ImportPlaces,
    OtherFunctions,
    Panels,
    Recognition,
    RecordingObjects,
    Residencies,
    ReviewMachineArn,
    SearchIndexes,
    Setting,
    SignedTenants,
    TenantBooks,
    TenantKeys,
    TenantRoles,
    TextProviders,
    TokenIssuer,
    WebSocketPanels,
    WorkflowMachineArn,
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
        return (self.table, *((self.table.keys,) if self.table.keys else ()))

    @property
    def settings(self) -> tuple[type[Setting], ...]:  # type: ignore[override]
        keys = (TenantKeys,) if self.table.keys else ()
        return (*(table.setting for table in self.tables if table.setting), *keys, TenantRoles)


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
class HashesIdentities(Need):
    """Under a key that the tenant's KMS key wraps."""

    settings = (TenantKeys, TenantRoles)


@dataclass(frozen=True, slots=True)
class SignsCertificates(Need):
    """Of erasures, by the cell's signing key."""

    settings = (CertificateKey,)


@dataclass(frozen=True, slots=True)
class ReadsBooks(Need):
    """What tenants have published: settings, playbooks, policies, articles."""

    tables = (TENANTS,)
    buckets = (ARTIFACTS,)
    settings = (TenantBooks, TenantRoles)


@dataclass(frozen=True, slots=True)
class PublishesBooks(ReadsBooks):
    """Makes another version the tenant's current one, as the tenant; whose a Connect instance is it cannot change."""


@dataclass(frozen=True, slots=True)
class KeepsIndexes(Need):
    """The tenants' search indexes."""

    vector_buckets = (SEARCH,)
    settings = (SearchIndexes, TenantRoles)


@dataclass(frozen=True, slots=True)
class KeepsFacts(Need):
    """Files of what analytics counts, as the tenants whose they are: reads, replaces and removes them."""

    buckets = (FACTS,)
    settings = (FactStore, TenantRoles)


@dataclass(frozen=True, slots=True)
class SendsAlerts(Need):
    """Publishes to the topics of the cell's tenants."""

    settings = (AlertTopics,)


@dataclass(frozen=True, slots=True)
class AsksModels(Need):
    """The shard."""


@dataclass(frozen=True, slots=True)
class WritesTexts(Need):
    """By whoever the deployment names under ``generation``."""

    settings = (TextProviders, Residencies)


@dataclass(frozen=True, slots=True)
class Invokes(Need):
    """Other functions, by name."""

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
class StartsReview(Need):
    settings = (ReviewMachineArn,)
    state_machines = (REVIEW,)


@dataclass(frozen=True, slots=True)
class AnswersReviews(Need):
    """Of the executions that wait for a review: that it is closed, and that somebody is at it."""


@dataclass(frozen=True, slots=True)
class StartsWorkflows(Need):
    """And answers their tasks that wait for a person."""

    settings = (WorkflowMachineArn,)
    state_machines = (RUN_WORKFLOW,)


@dataclass(frozen=True, slots=True)
class ReadsImports(Need):
    """What customers put below their sources, as the tenants whose it is."""

    settings = (ImportPlaces, TenantRoles)


@dataclass(frozen=True, slots=True)
class StartsImports(Need):
    settings = (ImportMachineArn,)
    state_machines = (IMPORT_CONVERSATIONS,)


@dataclass(frozen=True, slots=True)
class AnswersWorkflows(Need):
    """Of the runs that wait for a person: that nobody is to be waited for."""


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
class KeepsRecordings(Need):
    """Reads Connect's recordings, and deletes a version where a tenant wants it; keeps the redacted ones. As the
    tenants whose they are, with a session that no other function is given."""

    buckets = (RECORDINGS,)
    settings = (RecordingObjects, TenantRoles)


@dataclass(frozen=True, slots=True)
class SuspendsRecordings(Need):
    """Connect's, of contacts of the cell's instances."""


@dataclass(frozen=True, slots=True)
class PlaysRecordings(Need):
    """Reads redacted recordings and erases them, as the tenants whose they are."""

    buckets = (RECORDINGS,)
    settings = (RecordingObjects, TenantRoles)


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
class AsksCrms(Need):
    """The systems of record that tenants declare, over HTTPS with the tenants' secrets."""

    settings = (FilingAddresses, Residencies)


@dataclass(frozen=True, slots=True)
class FilesCalls(AsksCrms):
    """In those, and in Cases of the cell's Connect instances."""


@dataclass(frozen=True, slots=True)
class WritesContacts(Need):
    """Attributes and tags of contacts of the cell's Connect instances."""


@dataclass(frozen=True, slots=True)
class AsksConnect(Need):
    """What the cell's Connect instances know of a contact."""
