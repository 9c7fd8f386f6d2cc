"""The tenants' models, trained on this machine when what the tenant wrote has changed.

In a process of its own: training needs torch, which the embedded stack does not, and that process may be stopped.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.interruption import Interruption
from sotto.errors import Rejected


class TrainingFailed(Rejected):
    """A tenant's models could not be trained; the message is the trainer's."""


def train_tenants(
    folders: Sequence[Path],
    models: Path,
    repository: Path,
    progress: Callable[[str], None],
    interruption: Interruption,
) -> dict[Path, list[Path]]:
    """Packages of each folder. Prints of the trainer become progress. Raises TrainingFailed and Interrupted."""
    return {folder: _train(folder, models, repository, progress, interruption) for folder in folders}


def _train(
    folder: Path, models: Path, repository: Path, progress: Callable[[str], None], interruption: Interruption
) -> list[Path]:
    command = [sys.executable, "-m", "model_containers.shard.training", str(folder), str(models)]
    packages: list[Path] = []
    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as trainer:
        interruption.ends(trainer.kill)
        assert trainer.stdout is not None and trainer.stderr is not None
        for line in trainer.stdout:
            kind, _, rest = line.strip().partition(" ")
            if kind == "package":
                packages.append(Path(rest))
            else:
                progress(line.strip())
        complaint = trainer.stderr.read().strip()
    interruption.check()
    if trainer.returncode != 0:
        why = complaint.splitlines()[-1] if complaint else f"the trainer ended with {trainer.returncode}"
        raise TrainingFailed(f"{folder.name}: {why}")
    return packages
