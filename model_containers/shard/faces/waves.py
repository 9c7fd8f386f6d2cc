"""A wave on the wire: one request for several models. All faces take it, and each addresses the first as ever.

Beside the first, a model is named by its package, ``tenant/model/version.tar.gz``: it answers if it is loaded under
whatever name, and is fetched for the next wave where the shard has a prefix to fetch from. Answers:
``{"wave": [{"output": …} | {"status": …, "error": …}]}``; ``status`` is what the model alone would have been refused
with, so that one model's trouble is no other's. The request: model_containers/shard/encoder/wave.py.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from model_containers.shard.faces.statuses import status_of
from model_containers.shard.protocol.errors import InvalidRequest, error_of

PACKAGE = re.compile(r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")
MOST_ASKED = 64


def addresses(body: Any, prefix: str) -> dict[str, str] | None:
    """Package to where it lies, of all that the wave names; None where the body is no wave. Raises InvalidRequest."""
    if not (isinstance(body, dict) and "wave" in body):
        return None
    entries = body["wave"]
    if not (isinstance(entries, list) and 0 < len(entries) <= MOST_ASKED):
        raise InvalidRequest(f'"wave" must be a list of 1 to {MOST_ASKED} models')
    for entry in entries:
        if not (isinstance(entry, dict) and isinstance(entry.get("model"), str) and PACKAGE.match(entry["model"])):
            raise InvalidRequest('each of "wave" must name its "model" as tenant/model/version.tar.gz')
    packages = {entry["model"] for entry in entries}
    return {package: address(prefix, package) for package in packages} if prefix else {}


def address(prefix: str, package: str) -> str:
    return f"{prefix}/{package.removesuffix('.tar.gz')}.tar.gz"


def answered(request: Request, body: dict[str, Any]) -> JSONResponse:
    """The model process's answer to a wave. What became of each is noted for the shard's metrics."""
    answers = [_answer(each) for each in body["wave"]]
    request.state.answers = [each.get("status", 200) for each in answers]
    return JSONResponse({"wave": answers})


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    if "output" in given:
        return given
    return {"status": status_of(error_of(given["error"], given["message"])), "error": given["message"]}
