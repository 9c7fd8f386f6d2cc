"""The environment that all functions share here, as each would have its own on Lambda."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import boto3

from local.aws.stack import EmbeddedAws
from local.inherited_environment import replace_environment, without_the_outside
from local.options import Options
from local.tenants import BUCKET
from sotto.core.once import Once


def functions_settings(aws: EmbeddedAws, options: Options, scratch: Path) -> dict[str, str]:
    """What a deployment would tell them. ``scratch``: where transcripts to be recognised lie."""
    chosen = aws.environment() | {
        "SOTTO_ARTIFACTS_BUCKET": BUCKET,
        "SOTTO_TRANSCRIPTS": str(scratch),
        "SOTTO_CHANNELS": json.dumps({"*": options.channels}),
        "SOTTO_RECOGNISER": f"tapped-{options.recogniser}",
        "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "ERROR"),
        "POWERTOOLS_TRACE_DISABLED": "true",
        "SOTTO_METRICS_FILE": str(options.metrics_file),
    }
    if options.writing is not None:
        chosen |= options.writing.settings
    return chosen | ({} if options.worker_limit_s is None else {"SOTTO_WORKER_LIMIT_S": str(options.worker_limit_s)})


@contextmanager
def functions_environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """This process's, until the end; then it is as it was. Whose machine this is does not matter to functions."""
    before = dict(os.environ)
    replace_environment(without_the_outside(before) | dict(wanted))
    forget_wiring()
    try:
        yield
    finally:
        replace_environment(before)
        forget_wiring()


def forget_wiring() -> None:
    """Have settings, clients and ports made anew from the environment as it is now."""
    built = ("sotto.wiring.", "functions.")
    for module in [module for name, module in list(sys.modules.items()) if name.startswith(built)]:
        for each in list(vars(module).values()):
            if isinstance(each, Once):
                each.cache_clear()
    boto3.DEFAULT_SESSION = None  # it keeps the credentials that it once found
