"""``sotto bench``: every figure that the README quotes, made again."""

from __future__ import annotations

import json
import platform
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from local.interruption import ended_in_order
from local.parent_process import ORDERLY_END_S, command, inherited
from local.start_checks import check_checkout, check_output

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``module`` runs as ``python -m``; one that ``writes_json`` is given ``--json FILE``."""

    module: str
    about: str
    arguments: tuple[str, ...] = ()
    writes_json: bool = True


BENCHMARKS = {
    "latency": Benchmark(
        "benchmarks.latency", "final in hand until the panel has guidance: one call, and five at once"
    ),
    "route-load": Benchmark(
        "benchmarks.route_load", "calls at once through the whole route until guidance is late; what saturates first"
    ),
    "aws-latency": Benchmark(
        "benchmarks.aws_latency", "a round on AWS, simulated from published times of its services: docs/latency.md"
    ),
    "media-gateway": Benchmark(
        "benchmarks.media_gateway", "calls at once through the media gateway: how long a block is on its way"
    ),
    "anomalies": Benchmark("benchmarks.anomalies", "planted incidents found in time; false alerts in quiet days"),
    "replay": Benchmark("benchmarks.replay", "past conversations a second that a playbook's draft is replayed over"),
    "imports": Benchmark("benchmarks.imports", "hours of audio of the past that are imported an hour, stage by stage"),
    "shredding": Benchmark("benchmarks.shredding", "what sealing words under a key of each contact costs a round"),
    "start": Benchmark("benchmarks.start_time", "how long until the embedded stack can take a call"),
    "policies": Benchmark("benchmarks.policy_compile", "policy compile, graph build, one utterance through a playbook"),
    "label-errors": Benchmark(
        "benchmarks.label_errors", "wrong labels found by confident learning, and what that is worth (public corpus)"
    ),
    "new-intents": Benchmark(
        "benchmarks.new_intents", "wishes that nobody has named, grouped with their number unknown (public corpora)"
    ),
    "drift": Benchmark(
        "benchmarks.drift",
        "new wishes noticed in how many utterances, false alarms, accuracy without labels (public corpora)",
    ),
    "rollout": Benchmark(
        "benchmarks.rollout",
        "versions on trial, simulated: good ones taken back, bad ones found, how soon",
        writes_json=False,
    ),
    "words": Benchmark("benchmarks.word_error_rate", "word error rate of the embedded recogniser on the sample calls"),
    "recogniser-sessions": Benchmark(
        "benchmarks.recogniser_sessions",
        "calls at once on the self-hosted recogniser, one by one and batched; what an hour of one costs",
    ),
    "guidance": Benchmark(
        "benchmarks.sample_guidance", "expected guidance found: true transcript, embedded recogniser"
    ),
    "cards": Benchmark(
        "benchmarks.guidance_quality", "cards of the sample calls: right, found, at a time, contradictions"
    ),
    "redaction": Benchmark("benchmarks.redaction", "precision, recall, F and false alarms (reads public corpora)"),
    "summary": Benchmark(
        "benchmarks.summary_quality", "planted errors found in summaries; quoted ones beside people's (public corpora)"
    ),
    "interims": Benchmark("benchmarks.interims", "private words that interims show, and what they hold back"),
    "mkv": Benchmark("benchmarks.mkv_parsing", "MKV parsing; the module says how to put other parsers beside it"),
    "fuzz": Benchmark("benchmarks.fuzz_mkv", "everything that reads a stream's bytes, on bytes that nobody meant"),
    "fuzz-redactor": Benchmark(
        "benchmarks.fuzz_redactor", "redaction, on texts that nobody meant (reads public corpora)"
    ),
    "handover": Benchmark("benchmarks.handover", "a call cut, dropped and killed in every way, as a process too"),
    "load": Benchmark("benchmarks.audio_load", "calls a core through the audio path"),
    "api": Benchmark("benchmarks.api", "the REST API's own code: reads at 50 requests a second, cold import"),
    "api-schema": Benchmark(
        "benchmarks.api_schema", "10,000 cases of schemathesis on the REST API: server errors, broken promises"
    ),
    "cost": Benchmark("benchmarks.cost", "an agent's hour by service, with your prices: docs/cost.md"),
    "wave-rate": Benchmark(
        "benchmarks.wave_capacity", "fused requests a minute that one shard takes before it is late"
    ),
    "call-budget": Benchmark("benchmarks.call_budget", "what a played call asks of AWS a minute, counted"),
    "worker": Benchmark(
        "benchmarks.worker_memory", "memory and processor time of an audio worker's process, by provider"
    ),
    "encoder": Benchmark("benchmarks.encoder_latency", "all models of a tenant on one utterance, over HTTP"),
    "waves": Benchmark(
        "benchmarks.wave_latency",
        "all models of a tenant in one request, and in one each, beside the bare pass",
    ),
    "intents": Benchmark("benchmarks.intent_quality", "intents on public sets (reads public corpora)", (), False),
    "tenant-intents": Benchmark(
        "benchmarks.tenant_intents", "a tenant's intents on phrases kept aside: frozen head against adapter (minutes)"
    ),
    "sentiment": Benchmark("benchmarks.sentiment_quality", "sentiment on a public set (reads public corpora)"),
    "behaviours": Benchmark("benchmarks.behaviour_quality", "behaviours on what agents say and nobody trained on"),
    "ways": Benchmark("benchmarks.intent_ways", "ways of training intents, on validation texts (reads public corpora)"),
    "lora": Benchmark("benchmarks.lora_serving", "many adapters on one base, beside PEFT"),
    "adapters": Benchmark("benchmarks.adapter_store", "what loading an adapter costs, by tier and by stage", (), False),
    "zipf": Benchmark("benchmarks.zipf_traffic", "adapters coming and going under Zipf traffic: 1,000 beside 8"),
    "dispatch": Benchmark("benchmarks.dispatch", "what the shard's envelope takes of a request, timed from outside"),
    "engines": Benchmark("benchmarks.encoder_engines", "the encoder in torch and int8: time and accuracy"),
    "prefixes": Benchmark("benchmarks.prefix_cache", "prompts that begin alike, with and without their cache"),
    "endurance": Benchmark("benchmarks.shard_endurance", "a shard's memory over 100,000 requests (half an hour)"),
    "recording": Benchmark(
        "benchmarks.recordings", "private items audible in redacted recordings, recognised anew; ten minutes, timed"
    ),
    "scorecards": Benchmark(
        "benchmarks.scorecards", "quality forms filled in on generated calls with planted behaviours, against the truth"
    ),
    "search": Benchmark(
        "benchmarks.search.speed", "a million utterances on this machine: time, memory, recall, what candidates miss"
    ),
    "search-fresh": Benchmark("benchmarks.search.fresh", "from an utterance's commit until a search finds it"),
    "search-relevance": Benchmark(
        "benchmarks.search.relevance", "calls found by a detail: words, meaning, and both fused"
    ),
    "search-access": Benchmark("benchmarks.search.cross_reads", "10,000 requests that may show nothing of others"),
    "leads": Benchmark("benchmarks.leads", "lead scores by time, beside logistic regression and boosting"),
    "after-call": Benchmark(
        "benchmarks.after_call",
        "the work after a call of ten minutes, stage by stage; with --conversations N --kills: nothing lost or double",
    ),
    "workflows": Benchmark("benchmarks.workflows", "a thousand workflows open, new ones beside them, and kills"),
    "analytics": Benchmark(
        "benchmarks.analytics", "shipped metrics over a million synthetic conversations; fetching days from S3"
    ),
    "insights": Benchmark(
        "benchmarks.insights", "questions over a customer's conversations: the right citation, and none where none is"
    ),
    "analyst": Benchmark("benchmarks.analyst", "questions about figures: the exact form, and refusals"),
    "taubench": Benchmark(
        "benchmarks.taubench", "a scorecard's total against tau-bench's reward, airline (reads public corpora)"
    ),
    "retrieval": Benchmark("benchmarks.retrieval_quality", "knowledge retrieval on public sets (reads public corpora)"),
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("names", nargs=-1, type=click.UNPROCESSED)
@click.option("--json", "json_out", type=click.Path(path_type=Path), help="All results as one JSON file.")
@click.option("--list", "only_list", is_flag=True, help="Say what there is, and run nothing.")
@click.option("--trace", is_flag=True, help="Of latency: whose the time of a round is, span by span, with a picture.")
def bench(names: tuple[str, ...], json_out: Path | None, only_list: bool, trace: bool) -> None:
    """Make the README's figures again: all of them, or those NAMED. Some take minutes.

    One benchmark alone takes options of its own: sotto bench after-call --conversations 1000 --kills"""
    names, own = _options_of_its_own(names)
    known = {name: each for name, each in BENCHMARKS.items() if _exists(each)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    if trace and names != ("latency",):
        raise click.UsageError("--trace is for latency alone: sotto bench latency --trace")
    if own and len(names) != 1:
        raise click.UsageError(f"no such option {own[0]}; options of a benchmark are for one alone")
    if only_list:
        for name, each in known.items():
            click.echo(f"{name:<10} {each.about}")
        return
    check_checkout()
    if json_out is not None:
        check_output(json_out, "--json")
    results: dict[str, Any] = {"machine": machine()}
    failed = []
    with ended_in_order():
        for name in names or known:
            click.secho(f"\n{name}: {known[name].about}", bold=True)
            results[name], succeeded = _run(known[name], *(("--trace",) if trace else ()), *own)
            if not succeeded:
                failed.append(name)
    if json_out is not None:
        json_out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if failed:
        raise SystemExit(f"sotto: a goal was missed or a benchmark failed: {', '.join(failed)}")


def _options_of_its_own(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first = next((at for at, name in enumerate(names) if name.startswith("-")), len(names))
    return names[:first], names[first:]


def machine() -> str:
    """What a figure has to be read with."""
    return f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def _exists(benchmark: Benchmark) -> bool:
    return (REPOSITORY / (benchmark.module.replace(".", "/") + ".py")).exists()


def _run(benchmark: Benchmark, *asked: str) -> tuple[Any, bool]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        writing = ("--json", str(out)) if benchmark.writes_json else ()
        returned = _ended(command(benchmark.module, *benchmark.arguments, *asked, *writing))
        result = json.loads(out.read_text()) if out.exists() else None
    return result, returned == 0


def _ended(benchmark: list[str]) -> int:
    """Its exit code. An interruption reaches it too, and it is waited for: what it has started, it ends in order."""
    with subprocess.Popen(benchmark, cwd=REPOSITORY, pass_fds=inherited()) as running:
        try:
            return running.wait()
        except KeyboardInterrupt:
            running.terminate()
            try:
                running.wait(ORDERLY_END_S)
            except subprocess.TimeoutExpired:
                running.kill()
            raise
