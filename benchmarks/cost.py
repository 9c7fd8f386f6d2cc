"""What an agent's hour costs, with your prices: docs/cost.md.

    python -m benchmarks.cost [--price NAME=DOLLARS]... [--json FILE]

Nothing is measured here: what goes in is measured by ``benchmarks.call_budget``, ``benchmarks.worker_memory`` and
``benchmarks.wave_capacity``, and written down in infra/sizing. Names of prices are those of ``Prices`` there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from infra.cost_page import an_hour, page
from infra.sizing import Load, Prices

NAMES = tuple(field.name for field in fields(Prices) if field.name != "transcribe_minutes")


class UnknownPrice(ValueError):
    """``--price`` was given something else than NAME=DOLLARS."""


def prices_with(given: Sequence[str]) -> Prices:
    """The list prices, with those that are ``given`` in their place. Raises UnknownPrice."""
    prices = Prices()
    for text in given:
        name, _, dollars = text.partition("=")
        try:
            if name not in NAMES:
                raise ValueError
            changed: dict[str, Any] = {name: float(dollars)}
            prices = replace(prices, **changed)
        except ValueError:
            raise UnknownPrice(f"--price {text!r}: give NAME=DOLLARS, with one of {', '.join(NAMES)}") from None
    return prices


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--price", action="append", default=[], metavar="NAME=DOLLARS", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    try:
        prices = prices_with(asked.price)
    except UnknownPrice as error:
        parser.error(str(error))
    print("\n".join(page(prices)))
    if asked.json:
        asked.json.write_text(json.dumps(an_hour(Load(), prices), indent=2) + "\n")


if __name__ == "__main__":
    main()
