"""A socket that nobody closes says who opened it."""

from __future__ import annotations

import socket


def test_an_unclosed_socket_names_this_line() -> None:
    with socket.socket() as opened:
        assert "test_open_sockets.py:" in repr(opened)
