"""A bank on moto's account with KMS keys, a call in which every text is a canary, and a clock that a test turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.aws.keys import create_keys
from local.records import records_environment
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.aws import keys
from sotto.call.contact import Contact, Speaker
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.supervisor_note import SupervisorNote
from sotto.call.utterance import Utterance
from sotto.core.resources import RECORDINGS, RECORDINGS_VARIABLE
from sotto.erasure.ask import ask_erasure
from sotto.erasure.identity import IdentityKind, identity
from sotto.erasure.request import ErasureRequest
from sotto.erasure.run import QUIET_MS, Ran, run_open
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished
from tests.fakes.clock import ClockByHand
from tests.fakes.instance_contacts import InstanceContactsInMemory

ROOT = Path(__file__).parents[2]
NOW_MS = 1_790_000_000_000
BANK, GARAGE = "harbour_bank", "torque_garage"
CALL, LEG, OTHER = "c1", "c2", "c9"
CALLER, ELSE = "+15135557611", "+15135550000"
CANARY = "canary"
"""Part of every text of the first call."""
CLERK = "privacy@example.com"


class ErasableBank:
    """Calls c1 and c2 are one conversation of CALLER, c9 is another person's."""

    def __init__(self) -> None:
        account = unpublished()
        self.clock = ClockByHand(NOW_MS)
        self.instance = InstanceContactsInMemory()
        environment = records_environment() | create_keys((BANK, GARAGE), account.client("kms"))
        environment |= {"AWS_REGION": "us-east-1", RECORDINGS_VARIABLE: RECORDINGS}
        self.s3 = account.client("s3")
        self.s3.create_bucket(Bucket=RECORDINGS)
        self.s3.put_bucket_versioning(Bucket=RECORDINGS, VersioningConfiguration={"Status": "Enabled"})
        self.environment, self.session = environment, account.session
        self.sotto: Sotto = self.another_process()
        for tenant in (BANK, GARAGE):
            self.sotto.books.publish(book_from(ROOT / "tenants" / tenant))

    def another_process(self) -> Sotto:
        return Sotto.of(self.environment, session=self.session, clock=self.clock, instance_contacts=self.instance)

    def record(self, contact_id: str = CALL, *, tenant: str = BANK, caller: str = CALLER, of: str = "") -> Contact:
        """A contact, found by its number, in which everything is a canary of its id."""
        contact = Contact(
            tenant, contact_id, "arn/i", "stream", NOW_MS, initial_contact_id=of,
            attributes={"name": f"{CANARY} {contact_id}"},
        )  # fmt: skip
        self.sotto.contacts.record(contact)
        self.instance.callers[contact_id] = caller
        self.sotto.identity_index.add(tenant, contact_id, [identity(IdentityKind.PHONE, caller)])
        return contact

    def talk(self, contact_id: str = CALL, *, tenant: str = BANK, sotto: Sotto | None = None) -> None:
        """Words, and what is made of them."""
        by, text = sotto or self.sotto, f"{CANARY} {contact_id}"
        lease = by.leases.take(tenant, contact_id, Takeover("w", 1), now_ms=self.clock.now_ms())
        assert lease is not None
        by.leases.commit(lease, Utterance(tenant, contact_id, "u1", 1, Speaker.CUSTOMER, 1, 2, text), lease.checkpoint)
        by.notes.add(SupervisorNote(tenant, contact_id, "note-0001", "sofia", "Sofia", "emma", text, NOW_MS))
        by.questions.record(AskedQuestion(tenant, contact_id, "emma", NOW_MS, Subject.CALL, text, 1))
        lines = (SummaryLine(SummaryPart.OVERVIEW, text),)
        by.summaries.store(CallSummary(tenant, contact_id, lines, Origin.QUOTED, "", 1, NOW_MS, 2))

    def put_recordings(self, contact_id: str, *, tenant: str = BANK) -> None:
        """Two versions of one, and a delete marker over another."""
        key = f"{tenant}/recordings/{contact_id}"
        for body in (b"first", CANARY.encode()):
            self.s3.put_object(Bucket=RECORDINGS, Key=f"{key}/r1.wav", Body=body)
        self.s3.put_object(Bucket=RECORDINGS, Key=f"{key}/r2.wav", Body=b"gone")
        self.s3.delete_object(Bucket=RECORDINGS, Key=f"{key}/r2.wav")

    def objects(self) -> list[str]:
        """Keys of all versions and markers of recordings."""
        found = self.s3.list_object_versions(Bucket=RECORDINGS)
        return sorted(each["Key"] for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())))

    def ask(self, written: str = CALLER, kind: IdentityKind = IdentityKind.PHONE) -> ErasureRequest:
        return ask_erasure(BANK, identity(kind, written), who=CLERK, ports=self.sotto.ask_ports)

    def run(self) -> Ran:
        return run_open(BANK, self.sotto.run_erasure_ports)

    def run_to_the_end(self) -> None:
        self.run()
        self.clock.advance(QUIET_MS)
        self.run()

    def stored(self, contact_id: str = CALL, tenant: str = BANK) -> list[str]:
        """Sort keys in the contact's partition."""
        table, _ = self.sotto.contact_table
        return [item["sk"] for item in table.stored(keys.of_contact(tenant, contact_id))]

    def everything(self) -> str:
        """Of all tables, as it lies there: what a scan by whoever administers the account shows."""
        dynamodb, found = self.sotto.client("dynamodb"), []
        for table in dynamodb.list_tables()["TableNames"]:
            found += dynamodb.scan(TableName=table)["Items"]
        return repr(found)

    def delete_item(self, table: str, pk: str, sk: str) -> None:
        self.sotto.client("dynamodb").delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def put_back(self, items: list[dict[str, Any]], table: str) -> None:
        for item in items:
            self.sotto.client("dynamodb").put_item(TableName=table, Item=item)

    def backup(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sotto.client("dynamodb").scan(TableName=table)["Items"]
        return found
