"""The tenants' models, trained on this machine when what the tenant wrote has changed.

In a process of its own: training needs torch, which the embedded stack does not, and that process may be stopped. Even
to find that nothing has changed it would import torch; so what it answered is kept beside the models, under a
fingerprint of all that it read.

An adapter takes minutes. Who cannot wait has models trained ``at_once``, with heads alone, and the rest behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.inherited_environment import without_the_outside
from local.interruption import Interruption
from local.parent_process import command, inherited
from sotto.core.errors import Rejected

AT_ONCE, BEHIND = "--at-once", "--behind"
"""Options of the trainer."""
ENDS_WITHIN_S = 3.0
"""A step of tuning takes a third of a second, and more where others compute."""


class TrainingFailed(Rejected):
    """A tenant's models could not be trained; the message is the trainer's."""


def train_tenants(
    folders: Sequence[Path],
    models: Path,
    repository: Path,
    progress: Callable[[str], None],
    interruption: Interruption,
    *,
    at_once: bool = False,
) -> dict[Path, list[Path]]:
    """Packages of each folder. What the trainer does becomes progress. ``at_once``: heads alone where adapters were not
    tried yet. Raises TrainingFailed and Interrupted."""
    trainer = Trainer(models, repository, interruption, lambda what, share: progress(what))
    return {folder: trainer.train(folder, (AT_ONCE,) if at_once else ()) for folder in folders}


@dataclass(frozen=True, slots=True)
class Trainer:
    """``models``: where packages are kept. ``progress`` gets what is being done, and which share of it is done."""

    models: Path
    repository: Path
    interruption: Interruption
    progress: Callable[[str, float], None]

    def train(self, folder: Path, options: Sequence[str] = ()) -> list[Path]:
        """``options``: of ``model_containers.trainer``. Raises TrainingFailed and Interrupted."""
        fingerprint = _fingerprint(folder, self.repository)
        packages = _remembered(self._answer(folder), fingerprint, at_once=AT_ONCE in options)
        if packages is None:
            packages = self._asked(folder, options)
            _remember(self._answer(folder), fingerprint, packages, at_once=AT_ONCE in options)
        return packages

    def is_complete(self, folder: Path) -> bool:
        """Whether adapters were tried, too, with what the folder holds now."""
        return _remembered(self._answer(folder), _fingerprint(folder, self.repository)) is not None

    def _answer(self, folder: Path) -> Path:
        return self.models / f"{folder.name}.json"

    def _asked(self, folder: Path, options: Sequence[str]) -> list[Path]:
        packages: list[Path] = []
        with subprocess.Popen(
            command("model_containers.trainer", str(folder), str(self.models), *options),
            cwd=self.repository,
            env=without_the_outside(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=inherited(),
        ) as trainer:
            self.interruption.ends(lambda: _end(trainer))
            assert trainer.stdout is not None and trainer.stderr is not None
            for line in trainer.stdout:
                kind, _, rest = line.strip().partition(" ")
                if kind == "package":
                    packages.append(Path(rest))
                elif kind == "share":
                    share, _, what = rest.partition(" ")
                    self.progress(what, float(share))
            complaint = trainer.stderr.read().strip()
        self.interruption.check()
        if trainer.returncode != 0:
            why = complaint.splitlines()[-1] if complaint else f"the trainer ended with {trainer.returncode}"
            raise TrainingFailed(f"{folder.name}: {why}")
        return packages


def _end(trainer: subprocess.Popen[str]) -> None:
    """So that it leaves no package half written, unless it takes its time."""
    trainer.terminate()
    late = threading.Timer(ENDS_WITHIN_S, trainer.kill)
    late.daemon = True
    late.start()


def _fingerprint(folder: Path, repository: Path) -> str:
    """Of the tenant's files and of the code that learns from them. Hidden files are notes of programs."""
    code = [repository / "sotto" / "models" / "package.py", repository / "requirements.lock"]
    code += (repository / "model_containers").rglob("*.*")
    written = [path for path in folder.rglob("*.*") if not path.name.startswith(".")]
    read = [path for path in (*written, *code) if path.is_file() and path.suffix not in (".pyc", ".so")]
    digest = hashlib.sha256(str(sys.version_info).encode())
    for path in sorted(read):
        digest.update(str(path.relative_to(repository) if path.is_relative_to(repository) else path.name).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _remembered(answer: Path, fingerprint: str, *, at_once: bool = False) -> list[Path] | None:
    """``at_once``: what was trained at once will do."""
    try:
        kept = json.loads(answer.read_text(encoding="utf-8"))
        packages = [Path(each) for each in kept["packages"]]
        is_whole = kept["fingerprint"] == fingerprint and all(package.exists() for package in packages)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return packages if is_whole and (at_once or not kept.get("at_once")) else None


def _remember(answer: Path, fingerprint: str, packages: Sequence[Path], *, at_once: bool = False) -> None:
    answer.parent.mkdir(parents=True, exist_ok=True)
    kept = {"fingerprint": fingerprint, "at_once": at_once, "packages": [str(package) for package in packages]}
    answer.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
