"""How the registry's ``endpoint`` says where and how a version is hosted.

``name``              a multi-model endpoint: the version's package is the TargetModel
``name/adapters``     one endpoint whose container fetches the package that a custom attribute names
``name/components``   an adapter inference component of the endpoint, named after the package
``name/VARIANT``      a multi-model endpoint, and which of its production variants; none may be called as the two above
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sotto.models.registry import ModelVersion

ADAPTERS, COMPONENTS = "adapters", "components"
LONGEST_NAME = 63


def hosting_of(endpoint: str) -> tuple[str, str]:
    """The endpoint's own name, and how it hosts: empty, ``adapters``, ``components`` or a variant."""
    name, _, how = endpoint.partition("/")
    return name, how


def base_component_name(endpoint: str) -> str:
    """Of the inference component with the shard and its base model, on which the adapters' components stand."""
    return f"{endpoint}-base"


def component_name(endpoint: str, target_model: str) -> str:
    """Of the inference component that holds a package on an endpoint. SageMaker allows 63 letters, digits and hyphens;
    the last eight keep apart what would otherwise read the same. ``endpoint`` has at most 40 characters."""
    package = target_model.removesuffix(".tar.gz")
    readable = re.sub(r"[^a-z0-9]+", "-", package.lower()).strip("-")
    unique = hashlib.sha256(package.encode()).hexdigest()[:8]
    room = LONGEST_NAME - len(endpoint) - len(unique) - 2
    return f"{endpoint}-{readable[:room].strip('-')}-{unique}"


def address_of(version: ModelVersion, timeout_ms: float, *, otherwise: str = "") -> dict[str, Any]:
    """What InvokeEndpoint is given: where the version is, and the deadline. ``otherwise``: how an endpoint hosts
    that does not say so itself."""
    name, how = hosting_of(version.endpoint)
    how = how or otherwise
    deadline = f"deadline_ms={timeout_ms:.0f}"
    if how == ADAPTERS:
        return {"EndpointName": name, "CustomAttributes": f"adapter={version.target_model},{deadline}"}
    address = {"EndpointName": name, "CustomAttributes": deadline}
    if how == COMPONENTS:
        return address | {"InferenceComponentName": component_name(name, version.target_model)}
    variant = {"TargetVariant": how} if how else {}
    return address | variant | {"TargetModel": version.target_model}
