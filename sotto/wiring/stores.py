"""Where things are kept: tenants' books, contacts, conversations, consents, leases and the model registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.core.residency import OutsideResidency, refusal
from sotto.core.settings import (
    AuditRecords,
    ConnectionRecords,
    ContactRecords,
    DataKeyRecords,
    DirectoryRecords,
    ErasureRecords,
    ModelRecords,
    Residencies,
    TenantBooks,
    TenantKeys,
    TenantRoles,
)
from sotto.wiring.process import ProcessParts

if TYPE_CHECKING:
    from sotto.after_call.adapters.dynamodb_reviews import DynamoReviews
    from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
    from sotto.after_call.adapters.dynamodb_work import DynamoWork
    from sotto.api.adapters.dynamodb_corrections import DynamoCorrections
    from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
    from sotto.api.adapters.dynamodb_follows import DynamoFollows
    from sotto.api.adapters.dynamodb_notes import DynamoNotes
    from sotto.api.adapters.dynamodb_questions import DynamoQuestions
    from sotto.api.adapters.dynamodb_shared_moments import DynamoSharedMoments
    from sotto.aws.audit_log import DynamoAuditLog
    from sotto.aws.data_keys import DataKeys
    from sotto.aws.sealed_table import SealedTable
    from sotto.aws.table import Table
    from sotto.consent.adapters.dynamodb_consents import DynamoConsents
    from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
    from sotto.contacts.adapters.dynamodb_directory import DynamoDirectory
    from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
    from sotto.contacts.directory_cache import CachedDirectory
    from sotto.erasure.adapters.dynamodb_holds import DynamoHolds
    from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
    from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons
    from sotto.learning.adapters.dynamodb_sketches import DynamoSketches
    from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
    from sotto.realtime.adapters.dynamodb_connections import DynamoConnections
    from sotto.tenants.adapters.published_books import BookRetention, PublishedBooks
    from sotto.tenants.compile import Instant, PolicyCache
    from sotto.transcription.adapters.dynamodb_leases import DynamoLeases


class StoreParts(ProcessParts):
    @built
    def books(self) -> PublishedBooks:
        from sotto.aws.table import Table
        from sotto.tenants.adapters.published_books import PublishedBooks

        kept = self.settings.of(TenantBooks)
        return PublishedBooks(Table(self.records("dynamodb"), kept.table), self.records("s3"), kept.bucket, self.clock)

    def refuse_outside(self, tenant: str, provider: str, place: str) -> None:
        """What the deployment says of the tenant and what its own book says both count. Raises OutsideResidency, and
        Retryable where the book cannot be read."""
        known = self.settings.of(Residencies)
        for boundary in (known.tenants.get(tenant), self.books.current(tenant).settings.residency):
            if boundary and (reason := refusal(boundary, provider, place, known.hosts)):
                raise OutsideResidency(reason)

    @built
    def record_retention(self) -> BookRetention:
        from sotto.tenants.adapters.published_books import BookRetention

        return BookRetention(lambda tenant, kind: self.books.current(tenant).settings.days_of(kind), self.clock)

    @built
    def policy_instant(self) -> Instant:
        from sotto.tenants.compile import by_the_clock

        return by_the_clock

    @built
    def policies(self) -> PolicyCache:
        from sotto.tenants.compile import PolicyCache

        return PolicyCache(instant=self.policy_instant)

    @built
    def contact_table(self) -> tuple[SealedTable, BookRetention]:
        """The table of contacts, and how long its items are kept."""
        from sotto.aws.sealed_table import SealedTable

        name = self.settings.of(ContactRecords).table
        return SealedTable(self.records("dynamodb"), name, self.data_keys, self.clock), self.record_retention

    @built
    def data_keys(self) -> DataKeys | None:
        """Of contacts; None where the deployment names no KMS keys of tenants."""
        from sotto.aws.data_keys import DataKeys
        from sotto.aws.table import Table

        alias = self.settings.of(TenantKeys).alias
        if alias is None:
            return None
        table = Table(self.records("dynamodb"), self.settings.of(DataKeyRecords).table)
        return DataKeys(table, self.kms_of, partial(key_of, alias), self.record_retention.expires_at, self.clock)

    def kms_of(self, tenant: str) -> Any:
        """As the tenant, where the deployment has roles for tenants."""
        role_arn = self.settings.of(TenantRoles).arn
        return self.client("kms") if role_arn is None else self.tenant_sessions(role_arn).client(tenant, "kms")

    @built
    def contacts(self) -> DynamoContacts:
        from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts

        return DynamoContacts(*self.contact_table)

    @built
    def directory_store(self) -> DynamoDirectory:
        from sotto.aws.table import Table
        from sotto.contacts.adapters.dynamodb_directory import DynamoDirectory

        table = Table(self.records("dynamodb"), self.settings.of(DirectoryRecords).table)
        return DynamoDirectory(table, self.record_retention, self.clock)

    @built
    def directory(self) -> CachedDirectory:
        """Who works at the tenants' instances, and what queues are called."""
        from sotto.contacts.directory_cache import CachedDirectory

        return CachedDirectory(self.directory_store, self.clock)

    @built
    def conversations(self) -> DynamoConversations:
        from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations

        return DynamoConversations(*self.contact_table, self.clock)

    @built
    def comparisons(self) -> DynamoComparisons:
        from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons

        return DynamoComparisons(*self.contact_table)

    @built
    def consents(self) -> DynamoConsents:
        from sotto.consent.adapters.dynamodb_consents import DynamoConsents

        return DynamoConsents(*self.contact_table)

    @built
    def audit_log(self) -> DynamoAuditLog:
        from sotto.aws.audit_log import DynamoAuditLog
        from sotto.aws.table import Table

        table = Table(self.records("dynamodb"), self.settings.of(AuditRecords).table)
        return DynamoAuditLog(table, self.audit_retention)

    @built
    def audit_retention(self) -> BookRetention:
        from sotto.tenants.adapters.published_books import BookRetention
        from sotto.tenants.book import AUDIT_DAYS

        return BookRetention(
            lambda tenant, kind: self.books.current(tenant).settings.audit_days, self.clock, AUDIT_DAYS
        )

    @built
    def erasure_table(self) -> Table:
        from sotto.aws.table import Table

        return Table(self.records("dynamodb"), self.settings.of(ErasureRecords).table)

    @built
    def holds(self) -> DynamoHolds:
        from sotto.erasure.adapters.dynamodb_holds import DynamoHolds

        return DynamoHolds(self.erasure_table, self.record_retention)

    @built
    def stored_call(self) -> DynamoErasures:
        from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures

        return DynamoErasures(*self.contact_table)

    @built
    def leases(self) -> DynamoLeases:
        from sotto.transcription.adapters.dynamodb_leases import DynamoLeases

        return DynamoLeases(*self.contact_table, self.clock)

    @built
    def feedback(self) -> DynamoFeedback:
        from sotto.api.adapters.dynamodb_feedback import DynamoFeedback

        return DynamoFeedback(*self.contact_table)

    @built
    def call_sketches(self) -> DynamoSketches:
        from sotto.learning.adapters.dynamodb_sketches import DynamoSketches

        return DynamoSketches(*self.contact_table)

    @built
    def corrections(self) -> DynamoCorrections:
        from sotto.api.adapters.dynamodb_corrections import DynamoCorrections

        return DynamoCorrections(*self.contact_table)

    @built
    def follows(self) -> DynamoFollows:
        from sotto.api.adapters.dynamodb_follows import DynamoFollows

        return DynamoFollows(*self.contact_table, self.audit_log)

    @built
    def questions(self) -> DynamoQuestions:
        from sotto.api.adapters.dynamodb_questions import DynamoQuestions

        return DynamoQuestions(*self.contact_table)

    @built
    def notes(self) -> DynamoNotes:
        """Of supervisors."""
        from sotto.api.adapters.dynamodb_notes import DynamoNotes

        return DynamoNotes(*self.contact_table)

    @built
    def shared_moments(self) -> DynamoSharedMoments:
        from sotto.api.adapters.dynamodb_shared_moments import DynamoSharedMoments

        return DynamoSharedMoments(*self.contact_table)

    @built
    def summaries(self) -> DynamoSummaries:
        from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries

        return DynamoSummaries(*self.contact_table)

    @built
    def after_call_work(self) -> DynamoWork:
        from sotto.after_call.adapters.dynamodb_work import DynamoWork

        return DynamoWork(*self.contact_table)

    @built
    def reviews(self) -> DynamoReviews:
        from sotto.after_call.adapters.dynamodb_reviews import DynamoReviews

        return DynamoReviews(*self.contact_table)

    @built
    def handover_notes(self) -> DynamoSummaries:
        from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
        from sotto.aws import keys

        return DynamoSummaries(*self.contact_table, place=keys.HANDOVER_NOTE)

    @built
    def model_registry(self) -> DynamoModelRegistry:
        from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry

        return DynamoModelRegistry(self.records("dynamodb"), self.settings.of(ModelRecords).table)

    @built
    def connections(self) -> DynamoConnections:
        """Desktops of the WebSocket channel, and what they listen to."""
        from sotto.aws.table import Table
        from sotto.realtime.adapters.dynamodb_connections import DynamoConnections

        return DynamoConnections(Table(self.records("dynamodb"), self.settings.of(ConnectionRecords).table))


def key_of(named: str, tenant: str) -> str:
    """``named`` holds ``{tenant}`` in place of a name."""
    return named.replace("{tenant}", tenant)
