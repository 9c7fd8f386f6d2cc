"""The whole of Sotto on one machine: the embedded AWS, the functions, a shard, two tenants, the agent's panel.

The same handlers, state machine and schema that are deployed; only the addresses in the environment differ.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from local.aws.connect import AmazonConnect, PlacedCall
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.sagemaker_runtime import MultiModelEndpoint
from local.aws.stack import EmbeddedAws
from local.audio_tap import AudioTap
from local.panel_site import panel_site
from local.shard_process import ShardProcess
from local.tenants import MODELS_PREFIX, publish
from local.trained_models import train_tenants
from sotto import wiring
from sotto.clock import Clock, SystemClock
from sotto.errors import Rejected
from sotto.policy.book import TenantBook
from sotto.storage.adapters.dynamodb_leases import DynamoLeases

REPOSITORY = Path(__file__).resolve().parents[1]
BUCKET = "sotto-artifacts"
ENDPOINT = "sotto-shard"
RECOGNISERS = ("embedded", "transcript")

Progress = Callable[[str], None]


class UnknownRecogniser(Rejected):
    """``--recogniser`` names one that this stack has not."""


@dataclass(frozen=True, slots=True)
class Options:
    """``port``: of the panel; 0 chooses a free one. ``state``: where trained models and logs are kept between runs."""

    port: int = 0
    speed: float = 1.0
    recogniser: str = "embedded"
    worker_limit_s: float | None = None
    state: Path = REPOSITORY / ".sotto"
    tenants: Path = REPOSITORY / "tenants"
    progress: Progress = field(default=lambda line: None)


class EmbeddedSotto:
    """A running stack. Make it with ``embedded_sotto``."""

    def __init__(self, aws: EmbeddedAws, options: Options, shard: ShardProcess, books: Mapping[str, TenantBook]) -> None:
        self.clock: Clock = SystemClock()
        self.tap = AudioTap()
        self.books = books
        self.graphql_url = ""
        self.realtime_url = ""
        self.panel_url = ""
        self._aws = aws
        self._options = options
        self._shard = shard
        self.connect = AmazonConnect(_client("lambda"), _client("events"), aws.media, self.clock)

    @property
    def leases(self) -> DynamoLeases:
        return wiring.leases()
