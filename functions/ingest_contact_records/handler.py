"""Invoked by a Kinesis stream with contact records. What fails is reported record by record."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord

from functions.ingest_contact_records.function import FUNCTION
from sotto.contacts.facts import take_record
from sotto.recordings.intake import take_recordings
from sotto.sources.connect.contact_record import ContactRecord, NotAContactRecord
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> Any:
    processor = BatchProcessor(event_type=EventType.KinesisDataStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(
        event=event, record_handler=lambda record: accept(record, sotto), processor=processor, context=context
    )


def accept(record: KinesisStreamRecord, sotto: Sotto) -> None:
    """A record that can never be read must not hold up the stream."""
    try:
        written = ContactRecord.parsed(record.kinesis.data_as_json())
    except (NotAContactRecord, ValueError) as error:
        sotto.logger("ingest_contact_records").warning("record skipped", extra={"error": type(error).__name__})
        return
    take_record(written, sotto.fact_ports)
    take_recordings(written, sotto.recording_intake_ports)
