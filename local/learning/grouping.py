"""Gaps are grouped in a process of its own, where models are trained: it reads all of them with the base encoder.

What it groups goes to it by its standard input: no file of a customer's words lies about when it dies.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.inherited_environment import without_the_outside
from local.parent_process import command, inherited
from sotto.core.validation import silent
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind
from sotto.learning.gaps.ports import Grouping
from sotto.learning.train import CannotTrain

_grouping = silent(Grouping)


@dataclass(frozen=True, slots=True)
class LocalGrouping:
    """A Groups. ``folder``: the tenant's."""

    folder: Path
    repository: Path

    def group(self, tenant: str, kind: GapKind, gaps: Sequence[Gap], kept: Sequence[GapGroup]) -> Grouping:
        if not gaps:
            return Grouping((), {}, {})
        calls = {
            contact_id: number for number, contact_id in enumerate(dict.fromkeys(each.contact_id for each in gaps))
        }
        rows: list[dict[str, object]] = [{"id": each.id, "centre": each.centre} for each in kept]
        rows += [{"text": each.text, "call": calls[each.contact_id]} for each in gaps]
        done = subprocess.run(
            command("model_containers.trainer.grouped", str(self.folder.resolve()), kind.value),
            cwd=self.repository,
            env=without_the_outside(os.environ),
            input="".join(json.dumps(row) + "\n" for row in rows),
            capture_output=True,
            text=True,
            check=False,
            pass_fds=inherited(),
        )
        if done.returncode != 0:
            complaint = done.stderr.strip().splitlines()
            raise CannotTrain(complaint[-1] if complaint else "the gaps could not be grouped: start it again")
        found: Grouping = _grouping.validate_json(done.stdout.strip().splitlines()[-1])
        return found
