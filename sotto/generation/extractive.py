"""The answer without a model: words that somebody has written or said, as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.core.content_words import content_words
from sotto.generation.citations import Checked, NotUsable
from sotto.generation.prompts import LONGEST, Task
from sotto.knowledge.passages import Passage
from sotto.tenants.article_text import sentences

NAME = "extractive"


def extracted(task: Task, passages: Sequence[Passage]) -> Checked:
    """The best passage; of a call, what the customer came with and what the agent said last. Raises NotUsable."""
    chosen = _ends(passages) if task is Task.SUMMARY else list(passages[:1])
    if not chosen:
        raise NotUsable("there is no passage to quote")
    share = LONGEST[task] // len(chosen)
    return Checked(" ".join(_beginning(passage.text, share) for passage in chosen), tuple(chosen))


def _ends(passages: Sequence[Passage]) -> list[Passage]:
    """The customer's most informative words among their first ones, and the agent's last that say something."""
    first = [passage for passage in passages if passage.title == "customer"][:4]
    last = [passage for passage in passages if passage.title == "agent" and len(content_words(passage.text)) >= 3][-1:]
    reason = sorted(first, key=lambda passage: -len(content_words(passage.text)))[:1]
    return [*reason, *last] or list(passages[:1])


def _beginning(text: str, longest: int) -> str:
    """Whole sentences; the first is cut at a word when it alone is too long."""
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) + 1 > longest:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or (text[: longest - 1].rsplit(" ", 1)[0] + "…")
