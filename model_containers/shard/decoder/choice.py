"""Which engine writes: ours, or vLLM where it is installed.

SOTTO_DECODER_ENGINE     own (default) or vllm
SOTTO_VLLM_ARGUMENTS     further arguments of vllm.AsyncEngineArgs, a JSON object: {"gpu_memory_utilization": 0.85}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from sotto.core.errors import Rejected

OWN, VLLM = "own", "vllm"
ENGINES = (OWN, VLLM)


class EngineUnusable(Rejected):
    """The message names the setting and the fix."""


def chosen_engine(environment: Mapping[str, str]) -> str:
    """Raises EngineUnusable."""
    name = environment.get("SOTTO_DECODER_ENGINE") or OWN
    if name not in ENGINES:
        raise EngineUnusable(f"SOTTO_DECODER_ENGINE: there is no {name!r}; write one of {', '.join(ENGINES)}")
    if name == VLLM and find_spec("vllm") is None:
        raise EngineUnusable(
            "SOTTO_DECODER_ENGINE=vllm, but vLLM is not installed: build the image with --build-arg VLLM=0.32.0 "
            "(model_containers/shard/Dockerfile.gpu), or write own"
        )
    return name


def vllm_arguments(environment: Mapping[str, str]) -> dict[str, Any]:
    """Raises EngineUnusable."""
    written = environment.get("SOTTO_VLLM_ARGUMENTS") or "{}"
    try:
        arguments = json.loads(written)
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise EngineUnusable('SOTTO_VLLM_ARGUMENTS: write a JSON object, such as {"gpu_memory_utilization": 0.85}')
    return arguments
