"""The entities head needs no fitting: its patterns are code, its names come from the tenant."""

from __future__ import annotations

import json
from pathlib import Path

from model_containers.shard.heads.entities import GAZETTEER
from model_containers.shard.heads.patterns import PATTERNS
from model_containers.trainer.examples.tenant_files import Phrases, read_names
from model_containers.trainer.trained import Trained

NAMES = Path(__file__).parents[1] / "examples" / "names.yaml"


def prepare_entities(names: Phrases) -> Trained:
    """``names`` are the tenant's own: type to names. They join the ones that every tenant has."""
    everyones = read_names(NAMES)
    kinds = {kind: [*everyones.get(kind, ()), *names.get(kind, ())] for kind in sorted({*everyones, *names})}
    return Trained(
        labels=tuple(dict.fromkeys((*PATTERNS, *kinds))),
        files={GAZETTEER: json.dumps(kinds, sort_keys=True).encode()},
        metrics={"names": float(sum(map(len, kinds.values())))},
    )
