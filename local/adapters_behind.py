"""Adapters of tenants whose calls heads answer meanwhile: trained behind the calls, released when they are ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from botocore.exceptions import ClientError

from local.interruption import Interrupted
from local.trained_models import BEHIND
from sotto.core.errors import SottoError
from sotto.models.package import ModelCard, read_archived_card
from sotto.models.publish_plan import ModelStep


class TrainsTenants(Protocol):
    def is_complete(self, folder: Path) -> bool: ...

    def train(self, folder: Path, options: Sequence[str] = ()) -> list[Path]: ...


class AdaptersBehind:
    """One tenant after the other, from ``__enter__`` on, in a thread of its own. ``__exit__`` waits for it: whoever
    made ``trainer`` interrupts it before. ``release``: packages and why, to what became of each; a version that a
    person rolled back, pinned or tuned stays where it is.

    What fails costs an adapter and nothing else: the head goes on answering."""

    def __init__(
        self,
        folders: Sequence[Path],
        trainer: TrainsTenants,
        release: Callable[[Sequence[Path], str], Sequence[ModelStep]],
        show: Callable[[str, float], None],
    ) -> None:
        self._folders = folders
        self._trainer = trainer
        self._release = release
        self._show = show
        self._thread = threading.Thread(target=self._run, name="adapters-behind")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            for folder in self._folders:
                self._try(folder)
        except Interrupted:
            return

    def _try(self, folder: Path) -> None:
        if self._trainer.is_complete(folder):
            return
        try:
            packages = [each for each in self._trainer.train(folder, (BEHIND,)) if _is_intents(each)]
            for package in packages:
                card = read_archived_card(package)
                for step in self._release([package], reason(card)):
                    self._show(f"{card.tenant}/{card.model}: {reason(card)}; {_became(step)}", 1.0)
        except (SottoError, OSError, ClientError) as error:
            self._show(f"{folder.name}: no adapter, the head goes on answering: {error}", 1.0)


def reason(card: ModelCard) -> str:
    """Why the head alone, or an adapter beside it; by what both did with phrases kept aside."""
    saved = card.metrics.get("nll_saved")
    if saved is None:
        return "a head; no adapter was tried"
    what = "an adapter beside the head" if has_adapter(card) else "the head alone, as an adapter beside it"
    return f"{what} takes {100 * saved:.0f} % off the surprise at phrases kept aside"


def has_adapter(card: ModelCard) -> bool:
    return "adapter_model.safetensors" in card.files


def _is_intents(package: Path) -> bool:
    return read_archived_card(package).task == "intent"


def _became(step: ModelStep) -> str:
    return f"{step.candidate.version} answers calls now" if step.is_done else f"{step.decision}{_because(step)}"


def _because(step: ModelStep) -> str:
    return f": {step.reason}" if step.reason else ""
