"""Invoked by a Kinesis stream with Contact Lens's real-time segments of calls and chats; what fails is reported record
by record."""

from __future__ import annotations

import asyncio
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord

from functions.ingest_contact_lens.function import FUNCTION
from sotto.sources.contact_lens.records import read_record
from sotto.sources.contact_lens.segment_event import NotASegmentEvent
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto


@entry_point(FUNCTION)
def handler(event: Any, context: Any, sotto: Sotto) -> Any:
    sotto.segment_consumer.begin_batch()
    processor = BatchProcessor(event_type=EventType.KinesisDataStreams, raise_on_entire_batch_failure=False)
    with asyncio.Runner() as runner:
        return process_partial_response(
            event=event,
            record_handler=lambda record: runner.run(accept(record, sotto)),
            processor=processor,
            context=context,
        )


async def accept(record: KinesisStreamRecord, sotto: Sotto) -> None:
    """A record that can never be read must not hold up the stream."""
    try:
        segments = read_record(record.kinesis.data_as_json())
    except (NotASegmentEvent, ValueError) as error:
        sotto.logger("ingest_contact_lens").warning("record skipped", extra={"error": type(error).__name__})
        return
    arrived_at_ms = int(record.kinesis.approximate_arrival_timestamp * 1000)
    await sotto.segment_consumer.accept(segments, arrived_at_ms=arrived_at_ms)
