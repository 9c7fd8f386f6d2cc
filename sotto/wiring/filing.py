"""Filing calls in systems of record: file_conversation, and the agent's choice of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotto.core.built import built
from sotto.wiring.after_call import AfterCallParts
from sotto.wiring.contacts import ContactParts
from sotto.wiring.subject_data import eraser

if TYPE_CHECKING:
    from sotto.filing.adapters.dynamodb_filings import DynamoFilings
    from sotto.filing.adapters.dynamodb_notes import DynamoCallNotes
    from sotto.filing.choose_person import ChoicePorts
    from sotto.filing.erase import EraseFiledPorts, FiledEraser
    from sotto.filing.file_conversation import FilingPorts
    from sotto.filing.outcomes import OutcomePorts


class FilingParts(AfterCallParts, ContactParts):
    @built
    def filings(self) -> DynamoFilings:
        from sotto.filing.adapters.dynamodb_filings import DynamoFilings

        return DynamoFilings(*self.contact_table)

    @built
    def call_notes(self) -> DynamoCallNotes:
        from sotto.filing.adapters.dynamodb_notes import DynamoCallNotes

        return DynamoCallNotes(*self.contact_table)

    @built
    def filing_ports(self) -> FilingPorts:
        from sotto.after_call.filed import FiledOnPanel
        from sotto.filing.file_conversation import FilingPorts

        return FilingPorts(
            contacts=self.contacts,
            books=self.books,
            summaries=self.summaries,
            work=self.after_call_work,
            consents=self.consents,
            callers=self.instance_contacts,
            rows=self.filings,
            notes=self.call_notes,
            crm_of=self.crm_of,
            panel=FiledOnPanel(self.work_ports("file_conversation")),
            metrics=self.metrics,
            clock=self.clock,
        )

    @built
    def choice_ports(self) -> ChoicePorts:
        from sotto.filing.choose_person import ChoicePorts

        def filed(tenant: str, contact_id: str) -> Any:
            work = self.after_call_work.work(tenant, contact_id)
            return work.filed if work is not None else ()

        return ChoicePorts(self.filings, filed, self.clock)

    @built
    def erase_filed_ports(self) -> EraseFiledPorts:
        from sotto.filing.erase import EraseFiledPorts

        return EraseFiledPorts(self.books, self.filings, self.crm_of, self.clock, self.holds)

    @eraser
    def filed_eraser(self) -> FiledEraser:
        from sotto.filing.erase import FiledEraser

        return FiledEraser(self.erase_filed_ports)

    @built
    def outcome_ports(self) -> OutcomePorts:
        from sotto.filing.adapters.dynamodb_outcomes import DynamoOutcomes
        from sotto.filing.outcomes import OutcomePorts

        store = DynamoOutcomes(*self.contact_table)
        return OutcomePorts(self.contacts, self.books, store, self.crm_of, self.metrics, self.clock)
