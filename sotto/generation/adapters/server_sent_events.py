"""Server-sent events out of bytes, however they are cut: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

from sotto.generation.generator import GeneratorUnavailable

LONGEST_EVENT = 256 * 1024


class ServerSentEvents:
    """Only ``data`` matters to those who stream texts; names, ids and comments are passed over."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[str]:
        """The data of the events that end in ``chunk``. Raises GeneratorUnavailable."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) + self._size > LONGEST_EVENT:
            raise GeneratorUnavailable("an event of the stream is too long")
        return [data for line in lines if (data := self._line(line.removesuffix(b"\r"))) is not None]

    def _line(self, line: bytes) -> str | None:
        if line:
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(_text(value.removeprefix(b" ")))
                self._size += len(value)
            return None
        data, self._data, self._size = self._data, [], 0
        return "\n".join(data) if data else None


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise GeneratorUnavailable("the stream is not UTF-8") from error
