"""``python -m model_containers.trainer.learned TENANT_FOLDER MODELS_FOLDER``: an intent model of the tenant's phrases
and of examples that people accepted, which come as JSON lines (``text``, ``label``) by standard input.

Prints one line of JSON: the package, and how many phrases of the tenant's own it learned from.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.examples.tenant_files import LEAST, BadTenantFile, TenantFiles, read_tenant
from model_containers.trainer.packages import build_adapted
from sotto.core.errors import SottoError


def with_examples(
    files: TenantFiles, examples: Iterable[tuple[str, str]], new_intents: Collection[str] = ()
) -> TenantFiles:
    """``examples``: text and label, one of the tenant's or of ``new_intents``. What a tenant wrote comes first, and
    nothing twice; of a new intent with too few examples nothing is learned. Raises BadTenantFile."""
    intents = {label: dict.fromkeys(texts) for label, texts in files.intents.items()}
    none = dict.fromkeys(files.none_of_these)
    for text, label in examples:
        if label in new_intents:
            intents.setdefault(label, {})
        if label != NONE_OF_THESE and label not in intents:
            raise BadTenantFile(
                f"{files.tenant}: intents.yaml has no intent {label!r}, and examples of it were accepted"
            )
        (none if label == NONE_OF_THESE else intents[label])[text] = None
    learned = {label: tuple(texts) for label, texts in intents.items() if len(texts) >= LEAST}
    return replace(files, intents=learned, none_of_these=tuple(none))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--model", default="intent")
    parser.add_argument("--method", choices=("auto", "head", "lora"), default="head")
    parser.add_argument("--new-intent", dest="new_intents", action="append", default=[])
    options = parser.parse_args()
    try:
        read = read_tenant(options.folder)
        if len(read.intents) < 2:
            raise BadTenantFile(
                f"{options.folder}: a model tells at least two intents apart, found {len(read.intents)}"
            )
        rows = (json.loads(line) for line in sys.stdin if line.strip())
        files = with_examples(read, ((row["text"], row["label"]) for row in rows), options.new_intents)
        learned = (files.intents, files.none_of_these)
        package = build_adapted(
            learned, options.models, tenant=options.tenant, model=options.model, method=options.method
        )
    except (SottoError, ValueError, KeyError, OSError) as error:
        print(
            error if isinstance(error, SottoError) else f"cannot be learned from: {type(error).__name__}",
            file=sys.stderr,
        )
        return 1
    phrases = sum(map(len, read.intents.values())) + len(read.none_of_these)
    print(json.dumps({"package": str(package), "phrases": phrases}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
