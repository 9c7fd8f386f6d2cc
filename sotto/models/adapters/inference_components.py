"""Making the inference component that holds a published adapter.

https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import ClientError

from sotto.core.errors import Rejected, Retryable
from sotto.models.hosting import base_component_name, component_name

LOOK_EVERY_S = 2.0
WITHIN_S = 900.0
"""SageMaker downloads an adapter and has the container load it on every copy; minutes are usual, an hour is not."""
_EXISTS = re.compile(r"already exist", re.IGNORECASE)


class ComponentFailed(Rejected):
    """SageMaker could not bring the component into service; the message has its reason."""


class ComponentNotReady(Retryable):
    """It is still being made. Publishing again goes on waiting."""


class SageMaker(Protocol):
    """The part of boto3's client that is used."""

    def create_inference_component(self, **asked: Any) -> dict[str, Any]: ...

    def describe_inference_component(self, **asked: Any) -> dict[str, Any]: ...

    def delete_inference_component(self, **asked: Any) -> dict[str, Any]: ...


class AdapterComponents:
    """``report`` gets a line when something begins that takes minutes; ``wait`` takes seconds."""

    def __init__(
        self,
        sagemaker: SageMaker,
        *,
        report: Callable[[str], None] = lambda line: None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sagemaker = sagemaker
        self._report = report
        self._wait = wait

    def serve(self, endpoint: str, target_model: str, archive_url: str) -> str:
        """Have an adapter's component in service on the endpoint, and return the component's name.

        One that is there is left as it is: a version's package never changes. One that failed is made anew. Raises
        ComponentFailed, ComponentNotReady, and what boto3 raises.
        """
        name = component_name(endpoint, target_model)
        if self._create(endpoint, name, archive_url):
            self._report(f"making inference component {name}")
        elif self._found(name)["InferenceComponentStatus"] == "Failed":
            self._sagemaker.delete_inference_component(InferenceComponentName=name)
            self._wait_until_gone(name)
            self._create(endpoint, name, archive_url)
            self._report(f"making inference component {name} again, which had failed")
        self._wait_until_in_service(name)
        return name

    def _create(self, endpoint: str, name: str, archive_url: str) -> bool:
        """False where there is one by that name."""
        try:
            self._sagemaker.create_inference_component(
                InferenceComponentName=name,
                EndpointName=endpoint,
                Specification={
                    "BaseInferenceComponentName": base_component_name(endpoint),
                    "Container": {"ArtifactUrl": archive_url},
                },
            )
        except ClientError as error:
            if _EXISTS.search(error.response.get("Error", {}).get("Message", "")):
                return False
            raise
        return True

    def _wait_until_in_service(self, name: str) -> None:
        for _ in range(int(WITHIN_S / LOOK_EVERY_S)):
            found = self._found(name)
            match found["InferenceComponentStatus"]:
                case "InService":
                    return
                case "Failed":
                    raise ComponentFailed(
                        f"inference component {name} failed: {found.get('FailureReason', 'no reason')}"
                    )
            self._wait(LOOK_EVERY_S)
        raise ComponentNotReady(f"inference component {name} is not in service after {WITHIN_S / 60:.0f} minutes")

    def _wait_until_gone(self, name: str) -> None:
        for _ in range(int(WITHIN_S / LOOK_EVERY_S)):
            try:
                self._found(name)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "ValidationException":
                    return
                raise
            self._wait(LOOK_EVERY_S)
        raise ComponentNotReady(f"the failed inference component {name} is not gone after {WITHIN_S / 60:.0f} minutes")

    def _found(self, name: str) -> dict[str, Any]:
        return self._sagemaker.describe_inference_component(InferenceComponentName=name)
