"""Where things are kept: tenants' books, contacts, conversations, consents, leases and the model registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotto.core.once import once
from sotto.wiring.process import clock, records
from sotto.wiring.settings import settings

if TYPE_CHECKING:
    from sotto.aws.audit_log import DynamoAuditLog
    from sotto.consent.adapters.dynamodb_consents import DynamoConsents
    from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
    from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
    from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons
    from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
    from sotto.tenants.adapters.dynamodb_acknowledgements import DynamoAcknowledgements
    from sotto.tenants.adapters.published_books import PublishedBooks
    from sotto.transcription.adapters.dynamodb_leases import DynamoLeases


@once
def books() -> PublishedBooks:
    from sotto.aws.table import Table
    from sotto.tenants.adapters.published_books import PublishedBooks

    table = Table(records("dynamodb"), settings().tenants_table)
    return PublishedBooks(table, records("s3"), settings().artifacts_bucket, clock())


@once
def acknowledgements() -> DynamoAcknowledgements:
    from sotto.aws.table import Table
    from sotto.tenants.adapters.dynamodb_acknowledgements import DynamoAcknowledgements

    return DynamoAcknowledgements(Table(records("dynamodb"), settings().tenants_table))


def contact_table() -> tuple[Any, Any]:
    """The table of contacts, and how long its items are kept."""
    from sotto.aws.table import Table
    from sotto.tenants.adapters.published_books import BookRetention

    retention = BookRetention(lambda tenant: books().current(tenant).settings.retention_days, clock())
    return Table(records("dynamodb"), settings().contacts_table), retention


@once
def contacts() -> DynamoContacts:
    from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts

    return DynamoContacts(*contact_table())


@once
def conversations() -> DynamoConversations:
    from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations

    return DynamoConversations(*contact_table())


@once
def comparisons() -> DynamoComparisons:
    from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons

    return DynamoComparisons(*contact_table())


@once
def consents() -> DynamoConsents:
    from sotto.consent.adapters.dynamodb_consents import DynamoConsents

    return DynamoConsents(*contact_table())


@once
def audit_log() -> DynamoAuditLog:
    from sotto.aws.audit_log import DynamoAuditLog
    from sotto.aws.table import Table
    from sotto.tenants.adapters.published_books import BookRetention
    from sotto.tenants.book import AUDIT_DAYS

    retention = BookRetention(lambda tenant: books().current(tenant).settings.audit_days, clock(), AUDIT_DAYS)
    return DynamoAuditLog(Table(records("dynamodb"), settings().audit_table), retention)


@once
def leases() -> DynamoLeases:
    from sotto.transcription.adapters.dynamodb_leases import DynamoLeases

    return DynamoLeases(*contact_table(), clock())


@once
def model_registry() -> DynamoModelRegistry:
    from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry

    return DynamoModelRegistry(records("dynamodb"), settings().models_table)
