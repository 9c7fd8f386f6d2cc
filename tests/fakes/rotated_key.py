"""A provider's key that is replaced when it is refused."""

from __future__ import annotations


class RotatedKey:
    """An ApiKey. ``keys``: in the order in which they were made; the last one stays whatever is refused."""

    def __init__(self, *keys: str) -> None:
        self._keys = list(keys)
        self.refusals: list[str] = []

    def current(self) -> str:
        return self._keys[0]

    def refused(self, key: str) -> None:
        self.refusals.append(key)
        if len(self._keys) > 1 and self._keys[0] == key:
            self._keys.pop(0)

    def replace(self, key: str) -> None:
        """From now on it is another one; who has the old one learns so when it is refused."""
        self._keys.append(key)
