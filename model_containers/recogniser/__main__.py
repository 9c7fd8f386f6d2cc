"""The recogniser as a process: ``python -m model_containers.recogniser --port 8080``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from model_containers.recogniser.engines.engine import Engine, EngineUnusable
from model_containers.recogniser.server import serving
from model_containers.recogniser.sessions import Sessions
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import Recorder

log = logging.getLogger("sotto.recogniser")
MODEL = "/opt/ml/model"
"""Where SageMaker unpacks the model that an endpoint names."""


async def run(options: argparse.Namespace) -> None:
    """Until it is asked to end. Raises EngineUnusable."""
    clock = SystemClock()
    engine = engine_of(options, clock)
    metrics = Recorder(clock, _write, cell=os.environ.get("SOTTO_CELL") or "embedded")
    sessions = Sessions(engine, most=options.sessions, metrics=metrics, clock=clock)
    asked_to_end = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, asked_to_end.set)
    token = os.environ.get("SOTTO_RECOGNISER_TOKEN", "")
    # /ping is answered while the model loads, by the truth.
    async with serving(sessions, host=options.host, port=options.port, token=token, clock=clock):
        await asyncio.to_thread(engine.load)
        sessions.health.ready = True
        log.info("recogniser ready: %s, %d sessions", engine.name, options.sessions)
        await asked_to_end.wait()
        await sessions.leave()
    metrics.flush()


def engine_of(options: argparse.Namespace, clock: SystemClock) -> Engine:
    folder = Path(options.model) if options.model else None
    if options.engine == "transducer":
        from model_containers.recogniser.engines.transducer import TransducerEngine, TransducerSettings

        if folder is None:
            raise EngineUnusable("--model: a transducer is brought by who runs it; name its folder")
        languages = tuple(options.languages.split(","))
        provider = "cuda" if options.device == "cuda" else "cpu"
        settings = TransducerSettings(folder, languages, provider, options.batch, options.threads)
        return TransducerEngine(settings, clock)
    from model_containers.recogniser.engines.whisper import WhisperEngine, WhisperSettings

    compute_type = options.compute_type or ("int8_float16" if options.device == "cuda" else "int8")
    return WhisperEngine(
        WhisperSettings(folder, options.device, compute_type, options.batch, options.workers, options.threads), clock
    )


def _write(line: str) -> None:
    """Standard output has nothing but metrics: logs go to standard error."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model_containers.recogniser", description=__doc__)
    given = os.environ.get
    on_sagemaker = Path(MODEL).is_dir() and any(Path(MODEL).iterdir())
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(given("SAGEMAKER_BIND_TO_PORT", "8080")))
    parser.add_argument(
        "--engine", choices=["whisper", "transducer"], default=given("SOTTO_RECOGNISER_ENGINE", "whisper")
    )
    parser.add_argument(
        "--model", default=given("SOTTO_RECOGNISER_MODEL", MODEL if on_sagemaker else ""), help="its folder"
    )
    parser.add_argument("--device", choices=["cpu", "cuda"], default=given("SOTTO_RECOGNISER_DEVICE", "cpu"))
    parser.add_argument("--compute-type", default=given("SOTTO_RECOGNISER_COMPUTE_TYPE", ""), help="CTranslate2's")
    parser.add_argument("--sessions", type=int, default=int(given("SOTTO_RECOGNISER_SESSIONS", "8")))
    parser.add_argument("--batch", type=int, default=int(given("SOTTO_RECOGNISER_BATCH", "8")))
    parser.add_argument("--workers", type=int, default=int(given("SOTTO_RECOGNISER_WORKERS", "1")))
    parser.add_argument("--threads", type=int, default=int(given("SOTTO_RECOGNISER_THREADS", "1")))
    parser.add_argument(
        "--languages", default=given("SOTTO_RECOGNISER_LANGUAGES", "en"), help="of a transducer, with commas between"
    )
    return parser


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    parser = _parser()
    options = parser.parse_args()
    try:
        asyncio.run(run(options))
    except EngineUnusable as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
