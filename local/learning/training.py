"""Training in a process of its own, as on SageMaker: it may die at any moment, and leaves no package half written.

What it learns from goes to it by its standard input: no file of a customer's words lies about when it dies.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.inherited_environment import without_the_outside
from local.parent_process import command, inherited
from local.tenants import PublishedModels
from sotto.learning.example import Example
from sotto.learning.releases.gates import Measured
from sotto.learning.review.doubts import Doubted
from sotto.learning.train import CannotTrain, Made
from sotto.models.package import BadPackage, read_archived_card
from sotto.models.registry import ModelVersion


@dataclass(frozen=True, slots=True)
class LocalTraining:
    """A Training. ``folder``: the tenant's. ``models``: where packages are kept. ``version_of``: a version of the
    registry by its name, and None for one that it does not know."""

    folder: Path
    models: Path
    repository: Path
    published: PublishedModels
    version_of: Callable[[str, str, str], ModelVersion | None]
    method: str = "head"

    def train(self, tenant: str, model: str, examples: Sequence[Example], new_intents: Sequence[str]) -> Made:
        started = time.perf_counter()
        arguments = (
            str(self.folder.resolve()),
            str(self.models.resolve()),
            "--tenant",
            tenant,
            "--model",
            model,
            "--method",
            self.method,
            *(f"--new-intent={each}" for each in new_intents),
        )
        answer = self._ran("model_containers.trainer.learned", *arguments, examples=examples)
        card = read_archived_card(Path(answer["package"]))
        seconds = round(time.perf_counter() - started, 1)
        return Made(card.version, len(card.labels), int(answer["phrases"]), seconds, card.base_model)

    def doubts(self, tenant: str, examples: Sequence[Example]) -> Sequence[Doubted]:
        folder = str(self.folder.resolve())
        return [Doubted(**each) for each in self._ran("model_containers.trainer.doubted", folder, examples=examples)]

    def _ran(self, module: str, *arguments: str, examples: Sequence[Example]) -> Any:
        """What it printed last, as JSON. Raises CannotTrain."""
        done = subprocess.run(
            command(module, *arguments),
            cwd=self.repository,
            env=without_the_outside(os.environ),
            input="".join(json.dumps({"text": each.text, "label": each.label}) + "\n" for each in examples),
            capture_output=True,
            text=True,
            check=False,
            pass_fds=inherited(),
        )
        if done.returncode != 0:
            complaint = done.stderr.strip().splitlines()
            raise CannotTrain(
                complaint[-1] if complaint else f"the trainer ended with {done.returncode}: start the run again"
            )
        return json.loads(done.stdout.strip().splitlines()[-1])

    def archive(self, tenant: str, model: str, release: str) -> Path:
        """Here, or fetched from where it was published. Raises BadPackage."""
        place = self.models / tenant / model / f"{release}.tar.gz"
        if place.exists():
            return place
        known = self.version_of(tenant, model, release)
        content = self.published.archive(known.target_model) if known is not None else None
        if content is None:
            raise BadPackage(f"{tenant}/{model} {release} is neither here nor published: train it again")
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(place)
        return place

    def measure(self, tenant: str, model: str, release: str, examples: Sequence[Example]) -> Measured:
        from local.learning.package_answers import measured

        return measured(self.archive(tenant, model, release), examples)
