"""Preparing a tenant's articles for retrieval: paragraphs to find, sentences to quote."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np

from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads.knowledge import ARTICLES, PackagedArticle
from model_containers.shard.heads.weights import WEIGHTS, packed
from model_containers.trainer.examples.tenant_files import Document
from model_containers.trainer.trained import Trained
from sotto.tenants.article_text import sentence_spans

ANSWER_THRESHOLD = 0.3
"""Blended score under which an article says nothing about the question."""
_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def prepare_knowledge(documents: tuple[Document, ...], encoder: CachingEncoder, *, quotable: bool = True) -> Trained:
    """``quotable=False`` leaves sentences out: answers are whole passages."""
    articles = [_article(document, quotable) for document in documents]
    passages = passage_texts(articles)
    sentences = [a.text[start:end] for a in articles for start, end in a.sentences]
    return Trained(
        files={
            ARTICLES: json.dumps([article.model_dump() for article in articles]).encode(),
            WEIGHTS: packed(
                passages=encoder.whole(passages),
                sentences=encoder.whole(sentences) if sentences else np.zeros((0, DIMENSIONS), np.float32),
            ),
        },
        thresholds={"answer": ANSWER_THRESHOLD},
        metrics={"articles": float(len(articles)), "passages": float(len(passages))},
    )


def passage_texts(articles: Sequence[PackagedArticle]) -> list[str]:
    """As they are embedded: each beneath its article's title."""
    return [f"{article.title}. {article.text[start:end]}" for article in articles for start, end in article.passages]


def _article(document: Document, quotable: bool) -> PackagedArticle:
    passages = [span for span in _spans(_PARAGRAPH, document.text) if not _only_heading(document.text, span)]
    sentences = sentence_spans(document.text) if quotable else []
    return PackagedArticle(
        id=document.id,
        title=document.title,
        text=document.text,
        passages=tuple(passages),
        sentences=tuple(sentences),
        subject=document.subject,
        intents=document.intents,
        source=document.source,
        date=document.date,
    )


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.start() + len(m[0].rstrip())) for m in pattern.finditer(text) if m[0].strip()]


def _only_heading(text: str, span: tuple[int, int]) -> bool:
    return not _HEADING.sub("", text[span[0] : span[1]]).strip()
