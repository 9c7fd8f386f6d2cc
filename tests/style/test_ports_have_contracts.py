"""Unit: a port with a fake has a contract that both are held to."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
CONTRACTS = REPOSITORY / "tests/contract/ports"
WITHOUT = {
    "Agents": "say their question: what a model makes of a conversation is no promise of the port",
    "Keys": "the emulation's issuer has keys of the same form; tests of tokens take the adapter to it over HTTP",
    "KnowledgeSearch": "one answer to every question: what a model finds is no promise of the port",
    "Meaning": "looks likenesses up in a table: what a model finds alike is no promise of the port",
    "PlayableFiles": "says what a link would open; that links open it, tests of the adapter show",
    "Readings": "says what a test says; that figures are read rightly, tests of the adapter show over facts",
    "Retention": "a constant",
    "Sender": "receivers that answer what a test says; whom posts reach, tests of the adapter show over TLS",
    "Shard": "a script of times and errors, which is what the tests of the router are about",
    "TextVectors": "makes vectors of words: what a model finds alike is no promise of the port",
    "Toolbox": "gives what a test says; what tools find and note, tests of the tools show over stores in memory",
    "TranscriptSink": "records what it was sent, and refuses nothing",
}
"""Port -> why it has a fake and no contract."""
Shape = dict[str, list[str]]


@cache
def classes(folder: str) -> list[ast.ClassDef]:
    trees = (ast.parse(file.read_text()) for file in sorted((REPOSITORY / folder).rglob("*.py")))
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def shape(of: ast.ClassDef) -> Shape:
    """Method -> names of its parameters."""
    methods = (node for node in of.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {each.name: [arg.arg for arg in (*each.args.args, *each.args.kwonlyargs)] for each in methods}


def is_port(of: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in of.bases)


def implements(shapes: Shape, port: Shape) -> bool:
    return bool(port) and all(shapes.get(name) == parameters for name, parameters in port.items())


def ports() -> dict[str, Shape]:
    return {each.name: shape(each) for each in classes("sotto") if is_port(each)}


def with_a_fake(port: Shape) -> bool:
    """And with something that is none."""
    real = (each for each in classes("sotto") if not is_port(each))
    fakes = (each for folder in ("tests/fakes", "local") for each in classes(folder) if not is_port(each))
    return all(any(implements(shape(each), port) for each in of) for of in (real, fakes))


def test_every_port_with_an_adapter_and_a_fake_has_a_contract_or_a_reason() -> None:
    contracts = "\n".join(file.read_text() for file in CONTRACTS.glob("*_contract*.py"))
    held = [port for name, port in ports().items() if re.search(rf"\b{name}\b", contracts)]
    promised = {(name, *parameters) for port in held for name, parameters in port.items()}
    missing = {
        name
        for name, port in ports().items()
        if not {(method, *parameters) for method, parameters in port.items()} <= promised and with_a_fake(port)
    }
    assert missing == set(WITHOUT), f"write a contract in {CONTRACTS}, or a reason here"
