"""What may be said of an error that nobody foresaw."""

from __future__ import annotations

import traceback
from pathlib import Path

from botocore.exceptions import ClientError


def unquoted(error: Exception) -> str:
    """Which error it is and where it arose, without its message: "invalid literal for int(): 'my card is ...'"."""
    named = type(error).__name__
    if isinstance(error, ClientError):
        named = f"{named} {error.response.get('Error', {}).get('Code', '')} at {error.operation_name}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{named} in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else named
