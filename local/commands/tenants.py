"""``sotto tenants``: what tenants write, checked before it is published."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from local.commands.adapters import endpoint_option
from local.commands.terminal_text import show_line
from local.deployed import deployed_stack
from local.interruption import Interruption
from local.start_checks import check_folder
from local.tenants import publish
from local.trained_models import train_tenants
from sotto.inference.registry import SHARED
from sotto.policy.book import TenantBook
from sotto.policy.source import book_from, load_tenant

REPOSITORY = Path(__file__).resolve().parents[2]


@click.group()
def tenants() -> None:
    """Policies, playbooks and knowledge of the tenants."""


@tenants.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Check a tenant's folder, or a folder of several; every mistake is printed with its line."""
    mistaken = False
    for tenant in tenant_folders(folder):
        loaded = load_tenant(tenant)
        for mistake in loaded.mistakes:
            show_line(f"{tenant.parent}/{mistake}" if tenant.parent != Path() else mistake)
        mistaken = mistaken or loaded.book is None
        if loaded.book is not None:
            show_line(summary(loaded.book, articles=len(list((tenant / "knowledge").glob("*.md")))))
    sys.exit(1 if mistaken else 0)


@tenants.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--models",
    default=".sotto/models",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where trained models are kept between runs.",
)
@endpoint_option
def push(folder: Path, models: Path, endpoint: str | None) -> None:
    """Publish a tenant's folder, or a folder of several: what it wrote, and models trained from it.

    To the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an embedded one. What did
    not change is not trained again. Calls in progress follow within 30 s.
    """
    with deployed_stack(endpoint) as stack:
        folders = tenant_folders(folder)
        _books_are_fine(folders)
        stack.registry.models(SHARED)  # an unreachable stack is told before minutes of training
        check_folder(models, "name another folder with --models")
        trained = train_tenants(folders, models.resolve(), REPOSITORY, show_line, Interruption())
        for tenant, packages in trained.items():
            publish(
                tenant,
                packages,
                books=stack.books,
                registry=stack.registry,
                s3=stack.s3,
                bucket=stack.bucket,
                endpoint=stack.endpoint,
                components=stack.components,
                progress=show_line,
            )


def _books_are_fine(folders: list[Path]) -> None:
    """All of them, before any is published. Raises TenantMistaken."""
    for folder in folders:
        book_from(folder)


def tenant_folders(folder: Path) -> list[Path]:
    """The folder itself when it is a tenant's (or nothing else), else the tenants in it."""
    inside = sorted(path.parent for path in folder.glob("*/tenant.yaml"))
    return inside if inside and not (folder / "tenant.yaml").exists() else [folder]


def summary(book: TenantBook, *, articles: int) -> str:
    sets = book.playbook.sets
    counts = {
        "teams": len(book.settings.teams),
        "policies": len(book.policies),
        "moments": sum(len(one.moments) for one in sets),
        "actions": sum(len(one.actions) for one in sets),
        "checklists": sum(len(one.checklists) for one in sets),
        "intents": sum(len(use.labels) for use in book.models.values() if use.task == "intent"),
        "articles": articles,
    }
    listed = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{book.tenant} is fine: {listed}; version {book.version}"
