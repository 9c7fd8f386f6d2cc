"""Whether a search finds what somebody only knows a detail of: by words, by meaning, and by both fused.

``sotto bench search-relevance``. Of benchmarks/texts/search/details.jsonl each line has a sentence with a detail that
no other has, and what somebody writes who was told of the detail and not of the wording; they were written before any
search was run on them, by one person. The sentences lie among ``--others`` utterances of a contact centre. Right is the
sentence among the first five, or an equal one. The index is the embedded one; the encoder is the product's.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.search.utterances import utterances
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.find import FindPorts, find
from sotto.search.index import Asked, IndexedPassage
from sotto.search.passage import Kind, Passage, PassageFilter
from sotto.search.query import parsed

DETAILS = Path(__file__).parents[1] / "texts" / "search" / "details.jsonl"
TENANT, FIRST = "bench", 5
GOAL = 0.90


@dataclass(frozen=True, slots=True)
class Detail:
    said: str
    asked: str


def details() -> list[Detail]:
    return [Detail(**json.loads(line)) for line in DETAILS.read_text(encoding="utf-8").splitlines()]


def vectors(encoder: MiniLmEncoder, texts: Sequence[str]) -> list[list[float]]:
    found: list[list[float]] = []
    for start in range(0, len(texts), 32):
        found += [each.whole.tolist() for each in encoder.encode(texts[start : start + 32])]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", type=int, default=3_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    planted, encoder = details(), MiniLmEncoder(threads=2, pieces=False)
    texts = [*(each.said for each in planted), *utterances(chosen.others)]
    with tempfile.TemporaryDirectory(prefix="sotto-relevance-") as folder:
        index = EmbeddedIndex(Path(folder))
        passages = [
            Passage(f"c{n}", f"c{n}", Kind.UTTERANCE, 1, text, language="en-US") for n, text in enumerate(texts)
        ]
        pairs = zip(passages, vectors(encoder, texts), strict=True)
        index.put(TENANT, [IndexedPassage(passage, vector) for passage, vector in pairs])
        asked = vectors(encoder, [each.asked for each in planted])
        known = dict(zip([each.asked for each in planted], asked, strict=True))
        ways: dict[str, Callable[[str], list[str]]] = {
            "words (BM25)": lambda text: _candidates(index, Asked(parsed(text).said, None)),
            "meaning (vectors)": lambda text: _candidates(index, Asked(parsed(text).said, known[text], by_words=False)),
            "both fused": lambda text: _found(index, text, known),
        }
        rates = {}
        for name, way in ways.items():
            missed = [each for each in planted if each.said not in way(each.asked)]
            rates[name] = 1 - len(missed) / len(planted)
            print(f"{name}: r@{FIRST} {rates[name]:.3f}, {len(planted)} questions among {len(texts):,} utterances")
            for each in missed if name == "both fused" else ():
                print(f"  missed: {each.asked!r}")
        index.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(rates) + "\n")
    fused = rates.pop("both fused")
    print(f"goal: {GOAL:.2f}, and better than both")
    sys.exit(0 if fused >= GOAL and fused > max(rates.values()) else 1)


def _passage(contact_id: str, text: str) -> Passage:
    return Passage(contact_id, contact_id, Kind.UTTERANCE, 1, text, language="en-US")


class Known:
    """A TextVectors that has read the questions before."""

    def __init__(self, known: Mapping[str, Sequence[float]]) -> None:
        self._known = known

    def vectors(self, tenant: str, texts: Sequence[str]) -> list[Sequence[float]]:
        return [self._known[text] for text in texts]


def _candidates(index: EmbeddedIndex, asked: Asked) -> list[str]:
    return [each.passage.text for each in index.candidates(TENANT, asked).found[:FIRST]]


def _found(index: EmbeddedIndex, text: str, known: Mapping[str, Sequence[float]]) -> list[str]:
    """As the product searches."""
    result = find(TENANT, parsed(text), PassageFilter(), FindPorts(index, Known(known)), most=FIRST)
    return [each.passage.text for each in result.moments]


if __name__ == "__main__":
    main()
