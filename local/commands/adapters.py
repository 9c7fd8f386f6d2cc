"""``sotto adapters``: a tenant's models, from its example phrases to the version that calls are answered with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from local.commands.adapter_comparison import compare
from local.commands.adapter_history import history
from local.commands.adapter_training import examples_of, trained
from local.commands.finite_numbers import FiniteRange
from local.commands.rich_text import plain, plain_lines
from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import DEFAULT_ENDPOINT, DeployedStack, deployed_stack
from local.tenants import publish_models
from sotto.core.audit import AuditAction
from sotto.models.package import read_archived_card
from sotto.models.registry import SHARED, UnknownModel
from sotto.models.versions import Shelf

if TYPE_CHECKING:
    from model_containers.trainer.adapted import Method

_METHODS = "auto: LoRA only where it wins, because it costs every utterance a pass of its own."
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
endpoint_option = click.option(
    "--endpoint",
    help="The shard's endpoint; several between commas where each can load the models, name/variant for a production "
    f"variant. Default: $SOTTO_SHARD_ENDPOINT, else {DEFAULT_ENDPOINT}.",
)

why_option = click.option("--why", default="", metavar="TEXT", help="For the history of releases; name no customer.")


@click.group()
def adapters() -> None:
    """Train a tenant's models, publish versions of them, try them on some calls, and go back to earlier ones.

    All but train speak to the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an
    embedded one.
    """


@adapters.command()
@click.argument("folder", metavar="[TENANT_DIR]", required=False, type=_FOLDER)
@click.option(
    "--data", type=_FILE, help="Examples instead of a tenant's: intents.yaml, CSV (text,label) or JSON lines."
)
@click.option("--tenant", help="Whose model it is. Default: the name of TENANT_DIR; needed with --data.")
@click.option("--model", default="intent", show_default=True, help="The model's name, as policies use it.")
@click.option("--method", type=click.Choice(["auto", "head", "lora"]), default="auto", show_default=True, help=_METHODS)
@click.option("--seed", default=11, show_default=True, help="The same seed and examples give the same model.")
@click.option(
    "--ood-recall",
    type=FiniteRange(0.5, 1.0),
    help="Share of what is none of the intents that shall be left alone, at least; the lower, the more is answered. "
    "Default: 0.9.",
)
@click.option("--silence", hidden=True, type=click.FloatRange(0.5, 1.0), deprecated="say --ood-recall instead")
@click.option("--out", default=".sotto/models", show_default=True, type=click.Path(path_type=Path))
def train(
    folder: Path | None,
    data: Path | None,
    tenant: str | None,
    model: str,
    method: Method,
    seed: int,
    ood_recall: float | None,
    silence: float | None,
    out: Path,
) -> None:
    """Fit a tenant's intent model to its example phrases and write a package with its metrics.

    A head on the frozen encoder is tried, alone and with LoRA on the encoder beside it; the better on validation
    examples is calibrated, learns what is none of these, and is packed. Minutes on a CPU for 77 intents.
    """
    source, owner = examples_of(folder, data, tenant)
    wanted = silence if ood_recall is None else ood_recall
    package = trained(source, out, owner, model, method=method, seed=seed, ood_recall=wanted)
    card = read_archived_card(package)
    for name, value in card.metrics.items():
        show_line(f"{name} {value:g}")
    show_line(f"package {package}")


@adapters.command()
@click.argument("packages", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--shadow", is_flag=True, help="Only compare them with the versions that answer calls.")
@endpoint_option
@why_option
def push(packages: tuple[Path, ...], endpoint: str | None, shadow: bool, why: str) -> None:
    """Upload model packages (or folders of them); each becomes its model's preferred version, unless one is pinned."""
    archives = [archive for each in packages for archive in _archives(each)]
    with deployed_stack(endpoint) as stack:
        publish_models(archives, stack.models, stack.endpoint, in_shadow=shadow, why=why, progress=show_line)


def _archives(path: Path) -> list[Path]:
    found = [path] if path.is_file() else sorted(path.rglob("*.tar.gz"))
    if not found:
        raise click.UsageError(f"{path} holds no packages (*.tar.gz): make some with 'sotto adapters train'")
    return found


@adapters.command("list")
@click.argument("tenant")
@click.argument("model", required=False)
def list_versions(tenant: str, model: str | None) -> None:
    """Versions of TENANT's models (or of one MODEL) with their metrics, the newest first."""
    with deployed_stack() as stack:
        names = [model] if model else stack.registry.models(tenant)
        shelves = {name: stack.registry.shelf(tenant, name) for name in names}
    if not shelves:
        raise UnknownModel(f"tenant {tenant} has published no models; those that serve every tenant are of {SHARED!r}")
    for name, shelf in shelves.items():
        _show(f"{tenant}/{name}", shelf)


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@click.argument("version")
@why_option
def pin(tenant: str, model: str, version: str, why: str) -> None:
    """Keep VERSION preferred, whatever is published later."""
    with deployed_stack() as stack:
        _changed(stack, tenant, model, stack.registry.pin(tenant, model, version, stack.because(why)))


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@why_option
def unpin(tenant: str, model: str, why: str) -> None:
    """Let the newest version be preferred again."""
    with deployed_stack() as stack:
        _changed(stack, tenant, model, stack.registry.unpin(tenant, model, stack.because(why)))


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@why_option
def rollback(tenant: str, model: str, why: str) -> None:
    """Withdraw the preferred version; the one before it serves. Calls in progress follow within 30 s."""
    with deployed_stack() as stack:
        _changed(stack, tenant, model, stack.registry.roll_back(tenant, model, stack.because(why)))


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@click.argument("version")
@click.argument("percent", type=int)
@why_option
def split(tenant: str, model: str, version: str, percent: int, why: str) -> None:
    """Let VERSION answer PERCENT of the calls, the preferred version the others. 0 ends it.

    A call sees one version from its beginning to its end; calls in progress move when the share changes, within 30 s.
    """
    with deployed_stack() as stack:
        shelf = stack.registry.split(tenant, model, version, percent, stack.because(why))
        _changed(stack, tenant, model, shelf)


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@click.argument("version", required=False)
@click.option("--percent", default=100, show_default=True, help="On how many of the calls.")
@click.option(
    "--off", is_flag=True, help="End it: the version is one to fall back on again (newest, unpinned: preferred)."
)
@why_option
def shadow(tenant: str, model: str, version: str | None, percent: int, off: bool, why: str) -> None:
    """Ask VERSION what the preferred version is asked, and only compare its answers ('sotto adapters compare').

    It is asked when an utterance's guidance has been given, so it delays nothing; it answers no call.
    """
    if off == (version is not None):
        raise click.UsageError("give either the VERSION to compare, or --off")
    with deployed_stack() as stack:
        registry, because = stack.registry, stack.because(why)
        if version:
            shelf = registry.put_in_shadow(tenant, model, version, percent, because)
        else:
            shelf = registry.end_shadow(tenant, model, because)
        _changed(stack, tenant, model, shelf)


def _changed(stack: DeployedStack, tenant: str, model: str, shelf: Shelf) -> None:
    stack.trail.note(tenant, AuditAction.RELEASE_CHANGED, f"release/{model}")
    _show(f"{tenant}/{model}", shelf)


def _show(title: str, shelf: Shelf) -> None:
    table = Table("version", "state", "calls", "published", "metrics", title=plain(title), title_justify="left")
    for one in shelf.published:
        metrics = "\n".join(f"{name} {value:g}" for name, value in one.metrics.items())
        percent = shelf.percent_of(one)
        calls = f"{percent} %" if percent else ""
        row = (plain(one.version.version), shelf.state(one), calls, minute(one.published_at_ms), plain_lines(metrics))
        table.add_row(*row)
    Console().print(table)


adapters.add_command(compare)
adapters.add_command(history)
