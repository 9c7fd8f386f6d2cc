"""Client of Sotto's REST API: typed, paginated, retrying."""

from .client import ApiError, Sotto

__all__ = ["ApiError", "Sotto"]
