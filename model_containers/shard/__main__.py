"""The shard as a process: ``python -m model_containers.shard --port 8080``."""

from __future__ import annotations

import argparse
import logging
import os
import sys

import uvicorn

from model_containers.shard.decoder.choice import EngineUnusable, chosen_engine, vllm_arguments
from model_containers.shard.faces.app import app_of
from model_containers.shard.faces.browsers import NoBrowsers
from model_containers.shard.faces.measured import MeasuredShard
from model_containers.shard.supervisor.process_client import HUNG_AFTER_MS
from model_containers.shard.supervisor.supervisor import DECODER, ENCODER, Supervisor
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import Recorder

MOST_CONNECTIONS = 1_024
KEEP_ALIVE_S = 75
"""Longer than callers keep an idle connection, or it may close just as they send on it."""


def main() -> None:
    parser = _parser()
    options, rest = parser.parse_known_args()
    try:
        chosen = _decoder_options(options)
    except EngineUnusable as error:
        parser.error(str(error))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    memory_bytes = int(options.memory_mb * 1024**2)
    supervisor = Supervisor(
        threads=options.threads,
        memory_bytes=memory_bytes,
        process=ENCODER if options.engine == "encoder" else DECODER,
        options=(*chosen, *rest),
        hung_after_ms=options.hung_after_ms,
    )
    uvicorn.run(
        NoBrowsers(MeasuredShard(app_of(supervisor, prefix=options.adapters), supervisor, _metrics(), SystemClock())),
        host=options.host,
        port=options.port,
        limit_concurrency=MOST_CONNECTIONS,
        log_level="warning",
        access_log=False,  # else each line is built before its level drops it
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
    )


def _metrics() -> Recorder:
    """Standard output has nothing but metrics: logs go to standard error."""

    def write(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    return Recorder(SystemClock(), write, cell=os.environ.get("SOTTO_CELL") or "embedded")


def _decoder_options(options: argparse.Namespace) -> tuple[str, ...]:
    """Raises EngineUnusable: here it ends the container; the model process would be started again and again."""
    if options.engine != "decoder":
        return ()
    vllm_arguments(os.environ)
    return ("--model", options.model, "--decoder-engine", chosen_engine(os.environ))


def _parser() -> argparse.ArgumentParser:
    """SageMaker sets SAGEMAKER_BIND_TO_PORT and SAGEMAKER_MULTI_MODEL, the endpoint's definition the rest. Options that
    are not listed go to the model process (decoder/process.py, encoder/process.py)."""
    parser = argparse.ArgumentParser(prog="python -m model_containers.shard", description=__doc__)
    parser.add_argument("--host", default="0.0.0.0" if os.environ.get("SAGEMAKER_MULTI_MODEL") else "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080")))
    parser.add_argument("--threads", type=int, default=int(os.environ.get("SOTTO_ENCODER_THREADS", "1")))
    parser.add_argument("--memory-mb", type=float, default=float(os.environ.get("SOTTO_MODEL_MEMORY_MB", "1024")))
    parser.add_argument("--engine", choices=["encoder", "decoder"], default=os.environ.get("SOTTO_ENGINE", "encoder"))
    parser.add_argument(
        "--model", default=os.environ.get("SOTTO_BASE_MODEL", "/opt/ml/model"), help="the decoder's base"
    )
    parser.add_argument(
        "--hung-after-ms", type=float, default=HUNG_AFTER_MS, help="without a heartbeat, the model process is replaced"
    )
    parser.add_argument("--adapters", default=os.environ.get("SOTTO_ADAPTERS", ""), help="s3://… or folder of packages")
    return parser


if __name__ == "__main__":
    main()
