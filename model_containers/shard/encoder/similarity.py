"""How similar each utterance of a call is to a question, for agents who ask about their call.

By what the base makes of them, which is often there already: guidance read the same words. Guidance has a caller
waiting, so a question's texts wait a few at a time and it goes in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from model_containers.shard.base_encoder.embedding import TextEmbedding

MOST_TEXTS = 200
AT_ONCE = 4

Read = Callable[[str], Awaitable[TextEmbedding]]


def call_texts_in(request: Mapping[str, Any]) -> Any:
    """``inputs.call.utterances``: the texts to be compared with ``text``; None where nothing is asked about a call.
    Functions of an earlier release, which may still be there, call them ``said``."""
    inputs = request.get("inputs")
    call = inputs.get("call") if isinstance(inputs, Mapping) else None
    return call.get("utterances", call.get("said")) if isinstance(call, Mapping) else None


def wrong_with(texts: Any, longest_text: int) -> str | None:
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        return '"inputs.call.utterances" must be a list of non-empty strings'
    if len(texts) > MOST_TEXTS:
        return f'"inputs.call.utterances" has {len(texts)} texts, more than {MOST_TEXTS}: send those that say most'
    if any(len(text) > longest_text for text in texts):
        return f'a text of "inputs.call.utterances" has more than {longest_text} characters'
    return None


async def similarities(question: TextEmbedding, texts: Sequence[str], read: Read) -> dict[str, Any]:
    """``{"likeness": [float, ...]}``: the cosine, -1 to 1, of the question and the closest piece of each text."""
    found: list[float] = []
    for start in range(0, len(texts), AT_ONCE):
        embeddings = await asyncio.gather(*(read(text) for text in texts[start : start + AT_ONCE]))
        found += [round(float((embedding.pieces @ question.whole).max()), 4) for embedding in embeddings]
    return {"likeness": found}
