"""``python -m model_containers.trainer.doubted TENANT_FOLDER``: which of the examples that come as JSON lines
(``text``, ``label``) by standard input are probably labelled wrongly, by heads that never saw them.

Heads learn from the tenant's phrases, which nobody doubts, and from the other examples. Prints one line of JSON: of
each doubtful one its place, the likelier label and by how much, the most doubtful first.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.heads.classifiers import counter_examples
from model_containers.trainer.heads.fitting import Targets, out_of_fold, softmax, temperature_for
from sotto.core.errors import SottoError
from sotto.learning.confident import doubtful
from sotto.learning.review.doubts import Doubted

STRENGTH = 10.0
FEWEST = 5
"""Of a label, with the tenant's phrases: with fewer, what heads find likelier is chance."""


def doubted(
    phrases: Sequence[tuple[str, str]], examples: Sequence[tuple[str, str]], encoder: CachingEncoder
) -> list[Doubted]:
    """Pairs of text and label; ``phrases`` are learned from by every head, and doubted by none."""
    together = [*phrases, *examples]
    counts = Counter(label for _, label in together)
    known = sorted(label for label, count in counts.items() if count >= FEWEST)
    among = [place for place, (_, label) in enumerate(together) if label in known]
    asked = [place for place in among if place >= len(phrases)]
    most = max(Counter(together[place][1] for place in asked).values(), default=0)
    if len(known) < 2 or most < 2:
        return []
    targets: Targets = np.array([known.index(together[place][1]) for place in among])
    is_asked = np.array([place >= len(phrases) for place in among])
    vectors = encoder.whole([together[place][0] for place in among])
    with threadpool_limits(1):
        logits = out_of_fold(vectors, targets, len(known), STRENGTH, is_asked)
        given = targets[is_asked]
        shares = softmax(logits, temperature_for(logits, given))
    found = doubtful(given.tolist(), shares.tolist())
    return [Doubted(asked[each.example] - len(phrases), known[each.suggested], each.margin) for each in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    try:
        read = read_tenant(options.folder)
        phrases = [(text, label) for label, texts in read.intents.items() for text in texts]
        phrases += [(text, NONE_OF_THESE) for text in counter_examples(read.none_of_these)]
        rows = [json.loads(line) for line in sys.stdin if line.strip()]
        encoder = CachingEncoder(MiniLmEncoder(pieces=False))
        found = doubted(phrases, [(row["text"], row["label"]) for row in rows], encoder)
    except (SottoError, ValueError, KeyError, OSError) as error:
        wrong = error if isinstance(error, SottoError) else f"cannot be judged: {type(error).__name__}"
        print(wrong, file=sys.stderr)
        return 1
    print(json.dumps([asdict(each) for each in found]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
