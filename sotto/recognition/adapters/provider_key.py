"""A provider's key, in the words of a recogniser's errors."""

from __future__ import annotations

import asyncio

from sotto.core.api_keys import ApiKey, KeyMissing, KeyUnavailable
from sotto.recognition.recogniser import RecogniserRefused, RecogniserUnavailable


async def current_key(key: ApiKey) -> str:
    """Asked in a thread: it may be fetched.

    :raises RecogniserRefused: there is none, however often one asks.
    :raises RecogniserUnavailable: where it is kept cannot be asked just now."""
    try:
        return await asyncio.to_thread(key.current)
    except KeyMissing as error:
        raise RecogniserRefused(str(error)) from error
    except KeyUnavailable as error:
        raise RecogniserUnavailable(str(error)) from error
