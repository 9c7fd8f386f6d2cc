"""The tenants' models, trained on this machine when what the tenant wrote has changed.

In a process of its own: training needs torch, which the embedded stack does not, and that process may be stopped. Even
to find that nothing has changed it would import torch; so what it answered is kept beside the models, under a
fingerprint of all that it read.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.inherited_environment import without_the_outside
from local.interruption import Interruption
from local.parent_process import command, inherited
from sotto.core.errors import Rejected


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
    trained = {}
    for folder in folders:
        answer, fingerprint = models / f"{folder.name}.json", _fingerprint(folder, repository)
        packages = _remembered(answer, fingerprint)
        if packages is None:
            packages = _train(folder, models, repository, progress, interruption)
            _remember(answer, fingerprint, packages)
        trained[folder] = packages
    return trained


def _fingerprint(folder: Path, repository: Path) -> str:
    """Of the tenant's files and of the code that learns from them."""
    code = [repository / "sotto" / "models" / "package.py", repository / "requirements.lock"]
    code += (repository / "model_containers").rglob("*.*")
    read = [path for path in (*folder.rglob("*.*"), *code) if path.is_file() and path.suffix not in (".pyc", ".so")]
    digest = hashlib.sha256(str(sys.version_info).encode())
    for path in sorted(read):
        digest.update(str(path.relative_to(repository) if path.is_relative_to(repository) else path.name).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _remembered(answer: Path, fingerprint: str) -> list[Path] | None:
    try:
        kept = json.loads(answer.read_text(encoding="utf-8"))
        packages = [Path(each) for each in kept["packages"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_whole = kept["fingerprint"] == fingerprint and all(package.exists() for package in packages)
    return packages if is_whole else None


def _remember(answer: Path, fingerprint: str, packages: Sequence[Path]) -> None:
    answer.parent.mkdir(parents=True, exist_ok=True)
    kept = {"fingerprint": fingerprint, "packages": [str(package) for package in packages]}
    answer.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _train(
    folder: Path, models: Path, repository: Path, progress: Callable[[str], None], interruption: Interruption
) -> list[Path]:
    packages: list[Path] = []
    with subprocess.Popen(
        command("model_containers.trainer", str(folder), str(models)),
        cwd=repository,
        env=without_the_outside(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=inherited(),
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
