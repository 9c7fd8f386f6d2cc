"""What would fail late, after minutes of preparation or of a call, tried before anything is started."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from local.options import REPOSITORY, Options
from sotto.core.errors import Rejected

TRIED_BYTES = 1 << 20
"""What a start writes in the temporary directory at least."""
PARTS_OF_A_CHECKOUT = ("tenants", "statemachines", "functions")


class NotInCheckout(Rejected):
    """The command is installed without the files that it starts."""


class CannotWrite(Rejected):
    """A file or folder that is written later cannot be written."""


def check_machine(options: Options) -> None:
    """Raises NotInCheckout and CannotWrite."""
    check_checkout()
    check_folder(options.state, "trained models and logs are kept there; work in a checkout that you may write to")
    check_temporary_directory()


def check_checkout(repository: Path = REPOSITORY) -> None:
    missing = [part for part in PARTS_OF_A_CHECKOUT if not (repository / part).is_dir()]
    if missing:
        raise NotInCheckout(
            f"this command starts what lies in a checkout of Sotto, and {repository} has no {missing[0]}: "
            "clone the repository, run 'make setup' there and use its .venv/bin/sotto"
        )


def check_folder(folder: Path, why: str) -> None:
    """Makes it, and leaves nothing else. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"\0")
            tried.flush()
    except OSError as error:
        raise CannotWrite(f"cannot write in {folder} ({error.strerror}): {why}") from error


def check_temporary_directory() -> None:
    """Raises CannotWrite."""
    fix = "free some space, or set TMPDIR to a folder with space"
    try:
        with tempfile.TemporaryFile() as tried:
            tried.write(bytes(TRIED_BYTES))
            tried.flush()
    except OSError as error:
        where = tempfile.tempdir or os.environ.get("TMPDIR") or "the temporary directory"
        raise CannotWrite(f"cannot write in {where} ({error.strerror}): {fix}") from error


def check_output(path: Path, option: str, inputs: tuple[Path, ...] = ()) -> None:
    """A file that is written at the end: it can be, and it is none of ``inputs``. Raises CannotWrite."""
    if any(path.exists() and path.samefile(each) for each in inputs):
        raise CannotWrite(f"{option} {path} would overwrite what is read: name another file")
    if path.is_fifo():
        return  # opening it would wait for its reader
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise CannotWrite(f"{option} {path} cannot be written ({error.strerror}): name another file") from error
