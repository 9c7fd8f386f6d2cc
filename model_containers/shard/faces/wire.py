"""What all faces read alike: bodies within SageMaker's limit, custom attributes, deadlines."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request

from model_containers.shard.faces.statuses import BodyTooLarge
from model_containers.shard.protocol.errors import InvalidRequest

LARGEST_BODY_BYTES = 6_291_456
"""SageMaker's own limit for an invocation."""
LONGEST_INVOCATION_MS = 60_000.0
_ATTRIBUTE = re.compile(r"([a-z_]+)=([^,;\s]+)")


async def json_body(request: Request) -> Any:
    """The body, refused as soon as it is too long."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST_BODY_BYTES:
            raise BodyTooLarge(f"the body has more than {LARGEST_BODY_BYTES} bytes")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"the body is not JSON: {error}") from None


def attributes_of(request: Request) -> dict[str, str]:
    """``key=value`` pairs of X-Amzn-SageMaker-Custom-Attributes, between commas, semicolons or blanks."""
    return dict(_ATTRIBUTE.findall(request.headers.get("x-amzn-sagemaker-custom-attributes", "")))


def time_left_ms(request: Request) -> float:
    given = attributes_of(request).get("deadline_ms", "")
    return min(float(given), LONGEST_INVOCATION_MS) if given.isdecimal() else LONGEST_INVOCATION_MS
