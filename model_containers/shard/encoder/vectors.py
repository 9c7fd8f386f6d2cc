"""What the base makes of texts, as vectors for an index. A question's texts wait a few at a time, like those of a call:
guidance has a caller waiting and goes in between.

Whichever model is asked, it is the base that reads: vectors of an index must stay comparable when a tenant releases a
model.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from model_containers.shard.base_encoder.embedding import TextEmbedding

MOST_TEXTS = 64
AT_ONCE = 4

Read = Callable[[str], Awaitable[TextEmbedding]]


def texts_in(request: Mapping[str, Any]) -> Any:
    """``inputs.vectors.texts``; None where none are asked for."""
    inputs = request.get("inputs")
    asked = inputs.get("vectors") if isinstance(inputs, Mapping) else None
    return asked.get("texts") if isinstance(asked, Mapping) else None


def wrong_with(texts: Any, longest_text: int) -> str | None:
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        return '"inputs.vectors.texts" must be a list of non-empty strings'
    if len(texts) > MOST_TEXTS:
        return f'"inputs.vectors.texts" has {len(texts)} texts, more than {MOST_TEXTS}: send them in several requests'
    if any(len(text) > longest_text for text in texts):
        return f'a text of "inputs.vectors.texts" has more than {longest_text} characters'
    return None


async def vectors(texts: Sequence[str], read: Read) -> dict[str, Any]:
    """``{"vectors": [str, ...]}``: of each text its 384 numbers, 16-bit floats in little-endian order, in base64."""
    found: list[str] = []
    for start in range(0, len(texts), AT_ONCE):
        embeddings = await asyncio.gather(*(read(text) for text in texts[start : start + AT_ONCE]))
        found += [base64.b64encode(each.whole.astype("<f2").tobytes()).decode() for each in embeddings]
    return {"vectors": found}
