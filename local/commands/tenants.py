"""``sotto tenants``: what tenants write, checked before it is published."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sotto.policy.book import TenantBook
from sotto.policy.source import load_tenant


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
            click.echo(f"{tenant.parent}/{mistake}" if tenant.parent != Path() else str(mistake))
        mistaken = mistaken or loaded.book is None
        if loaded.book is not None:
            click.echo(summary(loaded.book, articles=len(list((tenant / "knowledge").glob("*.md")))))
    sys.exit(1 if mistaken else 0)


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
