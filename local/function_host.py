"""The functions of the embedded Lambda: all in this process, each with an environment and a Sotto of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from local.aws.lambda_sandbox import Handler, load
from local.aws.stack import EmbeddedAws
from local.options import Options
from local.records import records_environment
from sotto.core.function_spec import FunctionSpec
from sotto.wiring.entry_point import EntryPoint
from sotto.wiring.sotto import Sotto


class FunctionHost:
    """``environment``: what a deployment tells its functions. ``given``: what their Sotto is given instead of building
    it. This process's own environment does not matter to them."""

    def __init__(self, environment: Mapping[str, str], session: boto3.Session, **given: Any) -> None:
        self.environment = dict(environment)
        self.given = {"session": session, **given}

    def deploy(self, environment: Mapping[str, str]) -> None:
        """Add what is known only later, to those that have not been invoked yet."""
        self.environment |= environment

    def sotto(self) -> Sotto:
        return Sotto.of(self.environment, **self.given)

    def load(self, spec: FunctionSpec) -> Handler:
        """Lambda's init phase. A function is known what it said that it needs, and nothing else."""
        found = load(spec.handler)
        if not isinstance(found, EntryPoint):
            return found
        known = {name: value for name, value in self.environment.items() if name in spec.variables}
        return found.started(known, **self.given)


def deployed_environment(aws: EmbeddedAws, options: Options, scratch: Path) -> dict[str, str]:
    """What a deployment would tell its functions. ``scratch``: where transcripts to be recognised lie."""
    chosen = {
        "SOTTO_TRANSCRIPTS": str(scratch),
        "SOTTO_CHANNELS": json.dumps({"*": options.channels}),
        "SOTTO_RECOGNISER": tapped(options.recogniser),
        "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "ERROR"),
        "SOTTO_METRICS_FILE": str(options.metrics_file),
    }
    if options.worker_limit_s is not None:
        chosen["SOTTO_WORKER_LIMIT_S"] = str(options.worker_limit_s)
    writing = options.writing.settings if options.writing else {}
    return aws.environment() | records_environment() | chosen | writing


def tapped(recogniser: str) -> str:
    """The name of a provider whose sessions can be dropped."""
    return f"tapped-{recogniser}"
