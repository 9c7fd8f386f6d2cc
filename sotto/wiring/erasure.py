"""Erasure, legal holds, export and expiry: run_erasure, index_identities and the ``sotto erasure`` command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import CertificateKey, MissingSetting, TenantKeys
from sotto.wiring.contacts import ContactParts
from sotto.wiring.stores import key_of
from sotto.wiring.subject_data import eraser, expirer, exporter, marked

if TYPE_CHECKING:
    from sotto.api.privacy import PrivacyPorts
    from sotto.aws.data_keys import DataKeys
    from sotto.aws.table import Table
    from sotto.contacts.erase import ContactEraser
    from sotto.erasure.adapters.dynamodb_holds import DynamoExpiry
    from sotto.erasure.adapters.dynamodb_requests import DynamoErasureRequests
    from sotto.erasure.adapters.identity_index import DynamoIdentityIndex
    from sotto.erasure.adapters.kms_signer import KmsSigner
    from sotto.erasure.adapters.records_exporter import RecordsExporter
    from sotto.erasure.ask import AskPorts
    from sotto.erasure.erasers import IdentityEraser, KeyEraser
    from sotto.erasure.expire import ExpirePorts
    from sotto.erasure.export import ExportPorts
    from sotto.erasure.find import FindPorts
    from sotto.erasure.hold import HoldPorts
    from sotto.erasure.index import IndexPorts
    from sotto.erasure.run import RunPorts


class ErasureParts(ContactParts):
    @built
    def erasure_requests(self) -> DynamoErasureRequests:
        from sotto.erasure.adapters.dynamodb_requests import DynamoErasureRequests

        return DynamoErasureRequests(self.erasure_table, self.audit_retention)

    @built
    def identity_index(self) -> DynamoIdentityIndex:
        """Raises MissingSetting where no KMS key of tenants is named."""
        from sotto.erasure.adapters.identity_index import DynamoIdentityIndex

        key = partial(key_of, self._tenant_key)
        return DynamoIdentityIndex(self.erasure_table, self.record_retention, self.kms_of, key)

    @property
    def _tenant_key(self) -> str:
        named = self.settings.of(TenantKeys).alias
        if named is None:
            raise MissingSetting("environment variable SOTTO_TENANT_KEY is not set")
        return named

    @built
    def certificate_signer(self) -> KmsSigner:
        from sotto.erasure.adapters.kms_signer import KmsSigner

        return KmsSigner(self.client("kms"), self.settings.of(CertificateKey).key)

    @built
    def find_ports(self) -> FindPorts:
        from sotto.erasure.find import FindPorts

        return FindPorts(self.contacts, self.identity_index)

    @built
    def index_ports(self) -> IndexPorts:
        from sotto.erasure.index import IndexPorts

        return IndexPorts(self.contacts, self.books, self.instance_contacts, self.identity_index)

    @built
    def ask_ports(self) -> AskPorts:
        from sotto.erasure.ask import AskPorts

        return AskPorts(self.find_ports, self.erasure_requests, self.audit_log, self.clock)

    @built
    def hold_ports(self) -> HoldPorts:
        from sotto.erasure.hold import HoldPorts

        return HoldPorts(self.holds, self.contact_expiry, self.ask_ports, self.audit_log, self.clock)

    @built
    def contact_expiry(self) -> DynamoExpiry:
        from sotto.erasure.adapters.dynamodb_holds import DynamoExpiry

        return DynamoExpiry(self.contact_table[0], self._lasting_places, self.clock)

    def _lasting_places(self, tenant: str, contact_id: str) -> list[tuple[Table, str, str]]:
        """Beside the contact's own partition: its key."""
        return [self.data_keys.place(tenant, contact_id)] if self.data_keys is not None else []

    @built
    def run_erasure_ports(self) -> RunPorts:
        from sotto.contacts.erase import Erasure
        from sotto.erasure.run import RunPorts
        from sotto.erasure.stop import ContactStopper

        def erased(tenant: str, contact_id: str, at_ms: int, items: int) -> None:
            self.stored_call.record(Erasure(tenant, contact_id, at_ms, at_ms, items))

        return RunPorts(
            requests=self.erasure_requests,
            holds=self.holds,
            stopper=ContactStopper(self.contacts, self.consents, self.leases, self.clock),
            erasers=marked(self, eraser),
            signer=self.certificate_signer,
            audit=self.audit_log,
            clock=self.clock,
            erased=erased,
        )

    @built
    def export_ports(self) -> ExportPorts:
        from sotto.erasure.adapters.dynamodb_exports import DynamoExportRequests
        from sotto.erasure.export import ExportPorts

        requests = DynamoExportRequests(self.erasure_table, self.clock)
        return ExportPorts(self.find_ports, marked(self, exporter), self.audit_log, self.clock, requests)

    @built
    def privacy_ports(self) -> PrivacyPorts:
        from sotto.api.privacy import PrivacyPorts

        return PrivacyPorts(self.find_ports, self.ask_ports, self.hold_ports, self.export_ports)

    @built
    def expire_ports(self) -> ExpirePorts:
        from sotto.erasure.expire import ExpirePorts

        return ExpirePorts(self.books, self.holds, marked(self, expirer), self.clock)

    @eraser
    def key_eraser(self) -> KeyEraser:
        from sotto.erasure.erasers import KeyEraser

        return KeyEraser(self._keys)

    @property
    def _keys(self) -> DataKeys:
        if self.data_keys is None:
            raise MissingSetting("environment variable SOTTO_TENANT_KEY is not set")
        return self.data_keys

    @eraser
    def contact_eraser(self) -> ContactEraser:
        from sotto.contacts.erase import ContactEraser

        return ContactEraser(self.stored_call, self.contacts)

    @eraser
    def identity_eraser(self) -> IdentityEraser:
        from sotto.erasure.erasers import IdentityEraser

        return IdentityEraser(self.identity_index)

    @exporter
    def records_exporter(self) -> RecordsExporter:
        from sotto.erasure.adapters.records_exporter import RecordsExporter

        return RecordsExporter(self.contact_table[0])
