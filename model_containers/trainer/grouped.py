"""``python -m model_containers.trainer.grouped TENANT_FOLDER KIND``: gaps in groups, by what the base encoder reads.

By standard input comes one JSON object a line: ``{"text", "call"}`` of each gap, ``call`` a number that is the same for
gaps of one call; and ``{"id", "centre"}`` of each group that is not grouped anew. KIND ``intent``: beside the tenant's
intents, whose phrases say what differs between wishes; ``article``: beside its articles. Prints one line of JSON, as
sotto.learning.gaps.ports.Grouping has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.trainer.examples.tenant_files import TenantFiles, read_tenant
from model_containers.trainer.heads.classifiers import counter_examples
from model_containers.trainer.heads.grouping import Known, grouped
from sotto.core.errors import SottoError
from sotto.learning.gaps.gap import GapKind

KINDS = tuple(each.value for each in GapKind)


def known_of(files: TenantFiles, kind: GapKind) -> Known:
    """What gaps are beside: names and their texts, and what nobody needs a name for."""
    if kind is GapKind.ARTICLE:
        return Known({each.id: (each.title, each.text) for each in files.documents})
    return Known(files.intents, counter_examples(files.none_of_these))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("kind", choices=KINDS)
    options = parser.parse_args()
    try:
        known = known_of(read_tenant(options.folder), GapKind(options.kind))
        rows = [json.loads(line) for line in sys.stdin if line.strip()]
        encoder = CachingEncoder(MiniLmEncoder(pieces=False))
        with threadpool_limits(1):
            found = grouped(_gaps(rows), _kept(rows), known, encoder)
    except (SottoError, ValueError, KeyError, OSError) as error:
        print(error if isinstance(error, SottoError) else f"cannot be grouped: {type(error).__name__}", file=sys.stderr)
        return 1
    print(json.dumps(asdict(found)))
    return 0


def _gaps(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(str(row["text"]), int(row["call"])) for row in rows if "text" in row]


def _kept(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {str(row["id"]): str(row["centre"]) for row in rows if "centre" in row}


if __name__ == "__main__":
    raise SystemExit(main())
