"""Contract: a port that is held for a process until it listens. Real sockets."""

from __future__ import annotations

import socket
import sys

import pytest

from local.reserved_port import reserved_port


def test_who_connects_is_refused_until_somebody_listens() -> None:
    with reserved_port() as port:
        with socket.socket() as early:
            assert early.connect_ex(("127.0.0.1", port)) != 0
        for _ in range(2):  # a process that was killed is started again at the same address
            with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port), timeout=30):
                pass


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the port is only probably free")
def test_a_stranger_cannot_have_it() -> None:
    with reserved_port() as port, socket.socket() as stranger, pytest.raises(OSError, match="in use"):
        stranger.bind(("127.0.0.1", port))
