"""The error tree, split by what the caller can do.

    SottoError
    ├── Retryable      the same call may succeed later: throttled, locked, loading
    ├── Rejected       the input is wrong: the message names the field and the fix
    └── Degraded       go on without this part: a model late, a channel gone

Subjects subclass these beside the code that raises them. Step Functions matches class names, so renaming one is an
API change.
"""

from __future__ import annotations


class SottoError(Exception):
    """Anything that Sotto raises on purpose."""


class Retryable(SottoError):
    """The same call may succeed later."""


class Rejected(SottoError):
    """The input is wrong; the message names the field and the fix."""


class Degraded(SottoError):
    """Go on without this part."""


def first_error(error: BaseException) -> BaseException:
    """What went wrong first, out of the groups in which task groups hand it over."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
