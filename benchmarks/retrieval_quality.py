"""How well the knowledge head finds articles: ``python -m benchmarks.retrieval_quality``.

The first run reads 15,000 passages: about 8 minutes on two idle cores, 2 with ``--quick``, which leaves DSTC10 out;
later runs take about a minute.

    DSTC10         12,039 answers to frequent questions about 668 hotels, restaurants and sights; the last turn of a
                   spoken dialogue, with a recogniser's mistakes, asks one of them (r@1, r@5, r@10). Arms: the question
                   alone; with the subject that the dialogue named (``context``).
    bank           698 bank articles and what a customer wants, as 53 written scenarios; several articles are needed
                   (recall@10). Arms: words over the whole text (the published way); every sentence votes.
    calls          34 questions on the sample calls, by words alone and by meaning too (``recall_quality``).

Only development parts are at hand, and both are small: one question of DSTC10 is two points. So each set has a last
row, ``chosen on other folds``: the weights are chosen anew from a grid on four fifths of the questions and judged on
the last, in turn, over several partings by hash; no question is judged by weights that saw it. The spread is that
between partings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import recall_quality
from benchmarks.conversation_votes import Ballot, Votes, Voting
from benchmarks.intent_quality import place, shared_text
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder
from model_containers.shard.heads.knowledge import BY_SUBJECT, BY_WORDS, KnowledgeHead
from model_containers.shard.heads.lexical import Bm25, words_of
from model_containers.trainer.examples.tenant_files import Document
from model_containers.trainer.heads.knowledge import prepare_knowledge
from sotto.models.package import ModelCard, open_package, write_package

MANY_TEXTS = 100
BLENDS, SUBJECTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (0.3, 0.5, 0.7, 1.0)
CLOSEST = (10, 20, 50, 10_000)
FOLDS, PARTINGS = 5, 20
GOALS = {"r@1": 0.55, "r@5": 0.75, "recall@10": 0.40}
_SENTENCE = re.compile(r"(?<=[.?!;:])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Asked:
    """``right``: ids of the articles to be found. ``context``: what was said before, the latest last."""

    text: str
    right: frozenset[str]
    context: tuple[str, ...] = ()

    @property
    def in_second_half(self) -> bool:
        return place(self.text) % 2 == 1


Rank = Callable[[Asked], Vectors]
"""A score for each article, in the head's order."""


def dstc10() -> tuple[tuple[Document, ...], list[Asked]]:
    folder = shared_text() / "dstc10_track2_task2_val"
    known, labels, logs = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("knowledge.json", "labels.dev.json", "logs.dev.json")
    )
    documents = tuple(
        Document(f"{domain}/{entity}/{number}", one["title"].rstrip("?. "), one["body"], (), about.get("name") or "")
        for domain, entities in known.items()
        for entity, about in entities.items()
        for number, one in about["docs"].items()
    )
    asked = [
        Asked(
            turns[-1]["text"],
            frozenset(f"{k['domain']}/{k['entity_id']}/{k['doc_id']}" for k in label["knowledge"]),
            tuple(turn["text"] for turn in turns[:-1]),
        )
        for turns, label in zip(logs, labels, strict=True)
        if label["target"]
    ]
    return documents, asked


def bank() -> tuple[tuple[Document, ...], list[Asked]]:
    folder = shared_text() / "tau2_banking_knowledge"
    lines = (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    documents = tuple(Document(one["id"], one["title"], one["content"]) for one in map(json.loads, lines))
    tasks = json.loads((folder / "tasks.dev.json").read_text(encoding="utf-8"))
    known = {document.id for document in documents}
    wanted = [(task["user_scenario"]["instructions"], known.intersection(task["required_documents"])) for task in tasks]
    return documents, [Asked(text, frozenset(right)) for text, right in wanted if right]


class KeptEncoder(CachingEncoder):
    """Keeps what it read on disk: the passages are the same at every run."""

    def __init__(self, encoder: MiniLmEncoder, folder: Path = Path(".sotto/bench")) -> None:
        super().__init__(encoder)
        self._folder = folder

    def whole(self, texts: Sequence[str]) -> Vectors:
        if len(texts) < MANY_TEXTS:
            return super().whole(texts)
        named = hashlib.sha256("\0".join([self.revision, *texts]).encode()).hexdigest()[:16]
        kept = self._folder / f"{named}.npy"
        if not kept.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(kept, super().whole(texts))
        vectors: Vectors = np.load(kept)
        return vectors


def head_of(documents: tuple[Document, ...], encoder: CachingEncoder) -> KnowledgeHead:
    """Through a package on disk, as the shard loads it."""
    trained = prepare_knowledge(documents, encoder, quotable=False)
    card = ModelCard(
        task="knowledge", tenant="bench", model="knowledge", version="1", base_model=BASE_MODEL, base_revision="any"
    )
    with tempfile.TemporaryDirectory() as folder:
        archive = write_package(card, trained.files, Path(folder))
        return KnowledgeHead(open_package(archive, Path(folder) / "open"))


def arms_of_questions(head: KnowledgeHead, encoder: MiniLmEncoder) -> tuple[dict[str, Rank], list[Rank]]:
    """Those to be shown, and those to be chosen from."""
    owner = {article.id: place for place, article in enumerate(head.articles)}
    owners = np.array([owner[article.id] for article in head.articles for _ in article.passages])
    read = cache(lambda text: encoder.encode([text])[0])
    about = cache(lambda asked: head.about([*asked.context, asked.text]))

    def with_subject(by_words: float = BY_WORDS, by_subject: float = BY_SUBJECT) -> Rank:
        @cache
        def alone(asked: Asked) -> Vectors:
            found = np.full(len(head.articles), -1.0, dtype=np.float32)
            np.maximum.at(found, owners, head.scores(asked.text, read(asked.text), by_words))
            return found

        return lambda asked: alone(asked) + by_subject * about(asked)

    shown = {"question alone": with_subject(by_subject=0.0), "with the subject": with_subject()}
    return shown, [with_subject(*weights) for weights in product(BLENDS, SUBJECTS)]


def arms_of_scenarios(head: KnowledgeHead, encoder: CachingEncoder) -> tuple[dict[str, Rank], list[Rank]]:
    ballot = Ballot(head.articles, encoder)
    words = Bm25([f"{article.title} {article.text}" for article in head.articles])

    @cache
    def votes(asked: Asked) -> Votes:
        sentences = [one for one in _SENTENCE.split(asked.text) if len(words_of(one)) >= 2]
        return ballot.votes(list(zip(sentences, encoder.encode(sentences), strict=True)))

    def voted(voting: Voting) -> Rank:
        return lambda asked: votes(asked).tallied(voting)

    shown: dict[str, Rank] = {"words of the whole": lambda asked: words.scores(asked.text)}
    shown["every sentence votes"] = voted(Voting())
    return shown, [voted(Voting(*each)) for each in product(CLOSEST, (4, 2), (2, 1))]


def unseen(head: KnowledgeHead, questions: Sequence[Asked], ranks: Sequence[Rank], deep: bool) -> dict[str, Any]:
    """Each question as ranked by the one of ``ranks`` that is best on the other folds, over several partings."""
    one = _recalled if deep else _hit
    each = [[one({asked: found}, None) for asked, found in _found(head, questions, rank).items()] for rank in ranks]
    names = list(each[0][0])
    values = np.array([[[figures[name] for name in names] for figures in rank] for rank in each])
    judged = values[:, :, : 1 if deep else 2].mean(axis=2)
    means = []
    for parting in range(PARTINGS):
        fold = np.array([place(asked.text, f"fold{parting}") % FOLDS for asked in questions])
        picked = np.array([values[judged[:, fold != fold[i]].mean(axis=1).argmax(), i] for i in range(len(questions))])
        means.append(picked.mean(axis=0))
    found, spread = np.mean(means, axis=0), np.std(means, axis=0)
    return {
        "all": {name: round(float(value), 3) for name, value in zip(names, found, strict=True)},
        "spread": {name: round(float(value), 3) for name, value in zip(names, spread, strict=True)},
        "questions": len(questions),
    }


def measured(head: KnowledgeHead, questions: Sequence[Asked], rank: Rank, deep: bool) -> dict[str, Any]:
    found = _found(head, questions, rank)
    parts = {"first half": False, "second half": True}
    figures = {
        name: _recalled(found, part) if deep else _hit(found, part) for name, part in {**parts, "all": None}.items()
    }
    return {**figures, "questions": len(found)}


def _found(head: KnowledgeHead, questions: Sequence[Asked], rank: Rank) -> dict[Asked, list[str]]:
    """The best ten articles for each."""
    ids = [article.id for article in head.articles]
    return {asked: [ids[i] for i in np.argsort(-rank(asked), kind="stable")[:10]] for asked in questions}


def _chosen(found: dict[Asked, list[str]], part: bool | None) -> list[tuple[frozenset[str], list[str]]]:
    return [(asked.right, ids) for asked, ids in found.items() if part is None or asked.in_second_half == part]


def _hit(found: dict[Asked, list[str]], part: bool | None) -> dict[str, float]:
    pairs = _chosen(found, part)
    return {
        f"r@{k}": round(float(np.mean([bool(right & set(ids[:k])) for right, ids in pairs])), 3) for k in (1, 5, 10)
    }


def _recalled(found: dict[Asked, list[str]], part: bool | None) -> dict[str, float]:
    pairs = _chosen(found, part)
    return {"recall@10": round(float(np.mean([len(right & set(ids)) / len(right) for right, ids in pairs])), 3)}


def run(*, quick: bool = False) -> dict[str, Any]:
    whole, embedding = KeptEncoder(MiniLmEncoder(threads=2, pieces=False)), MiniLmEncoder(threads=2)
    documents, scenarios = bank()
    head = head_of(documents, whole)
    found = recall_quality.run(embedding)
    found |= _compared("bank", head, scenarios, arms_of_scenarios(head, whole), deep=True)
    if not quick:
        documents, questions = dstc10()
        head = head_of(documents, whole)
        found |= _compared("DSTC10", head, questions, arms_of_questions(head, embedding), deep=False)
    return {**found, "goals": GOALS}


def _compared(
    name: str, head: KnowledgeHead, asked: Sequence[Asked], arms: tuple[dict[str, Rank], list[Rank]], *, deep: bool
) -> dict[str, Any]:
    shown, grid = arms
    found = {f"{name}: {arm}": measured(head, asked, rank, deep) for arm, rank in shown.items()}
    return {**found, f"{name}: chosen on other folds": unseen(head, asked, grid, deep)}


def show(found: dict[str, Any]) -> None:
    table = Table("arm", "part", "figures", title="Knowledge retrieval")
    for arm, figures in found.items():
        for part, values in figures.items():
            text = ", ".join(f"{k} {v}" for k, v in values.items()) if isinstance(values, dict) else str(values)
            table.add_row(arm, part, text)
    Console().print(table)


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the bank's documents only, about a minute")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    found = run(quick=options.quick)
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
