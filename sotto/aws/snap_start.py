"""Lambda SnapStart: what is built before the snapshot is taken is there when it is restored."""

from __future__ import annotations

from collections.abc import Callable


def before_snapshot(build: Callable[[], None]) -> None:
    """Lambda runs ``build`` when a version of the function is published, before it takes the snapshot; what it raises
    fails the publication. Elsewhere, and in functions without SnapStart, nobody does.

    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
    """
    try:
        from snapshot_restore import register_before_snapshot  # type: ignore[import-not-found]  # Lambda's runtime has it
    except ImportError:
        return
    register_before_snapshot(build)
