"""Contract: the gateway as its container runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from local.options import REPOSITORY

PATIENCE_S = 120.0
ENTRY = {"id": "main", "provider": "twilio", "tenant": "bank", "account": "AC1", "secret": "arn:secret"}


def test_it_answers_that_it_is_well_refuses_who_is_not_signed_and_ends_when_asked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "none", "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "SOTTO_GATEWAY_ENTRIES": json.dumps([ENTRY]), "SOTTO_GATEWAY_HOST": "media.example.com",
    }  # fmt: skip
    command = [sys.executable, "-m", "media_gateway", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            assert answer(port, "/ping") == (200, {"sessions": 0, "most": 200})
            assert answer(port, "/genesys/main")[0] == 404
        finally:
            process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "gateway ready" in [json.loads(line)["message"] for line in logged.splitlines()]


def answer(port: int, path: str) -> tuple[int, object]:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as found:
                return found.status, json.load(found)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, None
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)
