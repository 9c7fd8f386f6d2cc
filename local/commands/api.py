"""``sotto api``: the REST API's document."""

from __future__ import annotations

import click

from sotto.api.rest import openapi as document


@click.group()
def api() -> None:
    """The REST API (docs/api.md). 'sotto demo' serves it as well, at /v1 of the panel's address."""


@api.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document: docs/openapi.json."""
    click.echo(document.written(), nl=False)
