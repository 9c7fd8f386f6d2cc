"""Contract tests: the JavaScript that AppSync runs does what the emulation's Python does, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from local.aws.appsync.resolvers import (
    Echo,
    EchoAssignment,
    LambdaField,
    LambdaSubscription,
    Resolver,
    ResolverError,
    resolve,
)

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed; it runs AppSync's resolver code here")

# What of @aws-appsync/utils our code uses: outside AppSync the package has types and no behaviour.
UTILS = """
export const asked = {};
export const util = {
  error(message, type) { throw Object.assign(new Error(message), { type }); },
  transform: {
    toSubscriptionFilter: (conditions) => ({ filterGroup: [{ filters: Object.entries(conditions).flatMap(
      ([fieldName, tests]) => Object.entries(tests).map(([operator, value]) => ({ fieldName, operator, value }))) }] }),
  },
};
export const extensions = {
  setSubscriptionFilter: (filter) => { asked.filter = filter; },
  setSubscriptionInvalidationFilter: (filter) => { asked.endFilter = filter; },
  invalidateSubscriptions: (invalidation) => { asked.invalidation = invalidation; },
};
"""
RUN = """
import { asked } from '@aws-appsync/utils';
const [file, ctx, answer] = [process.argv[2], ...process.argv.slice(3).map((text) => JSON.parse(text))];
const code = await import(file);
const sent = code.request(ctx);
const result = answer.failed ? null : sent.operation === 'Invoke' ? answer.result : sent.payload;
const error = answer.failed ? { message: 'text of a call', type: 'Lambda:Unhandled' } : undefined;
let outcome;
try { outcome = { value: code.response({ ...ctx, result, error }) ?? null, ...asked }; }
catch (problem) { outcome = { error: problem.message, type: problem.type }; }
console.log(JSON.stringify({ sent: sent.payload, ...outcome }));
"""
CONDITIONS = {"deliverWhen": {"tenant": {"eq": "bank"}}, "endWhen": {"agent": {"eq": "ann"}}}
RELEASE = {"input": {"tenant": "bank", "agent": "ann", "state": "RELEASED", "contact": {"contactId": "c1"}}}
ASSIGNED = {"input": RELEASE["input"] | {"state": "ASSIGNED"}}


@pytest.fixture(scope="module")
def node_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("resolvers")
    utils = project / "node_modules" / "@aws-appsync" / "utils"
    utils.mkdir(parents=True)
    (utils / "package.json").write_text('{"type": "module", "main": "index.js"}')
    (utils / "index.js").write_text(UTILS)
    (project / "package.json").write_text('{"type": "module"}')
    (project / "run.js").write_text(RUN)
    for code in files("sotto.realtime").joinpath("resolvers").iterdir():
        (project / code.name).write_text(code.read_text())
    return project


@pytest.mark.parametrize(
    ("file", "resolver", "arguments", "answer"),
    [
        ("publish_message.js", Echo(), {"input": {"seq": 1}}, {}),
        ("publish_assignment.js", EchoAssignment(), RELEASE, {}),
        ("publish_assignment.js", EchoAssignment(), ASSIGNED, {}),
        ("serve.js", LambdaField("f"), {"contactId": "c1"}, {"result": {"data": [{"seq": 1}]}}),
        ("serve.js", LambdaField("f"), {}, {"result": {"data": None}}),
        ("serve.js", LambdaField("f"), {}, {"result": {"error": {"type": "NotFound", "message": "none"}}}),
        ("serve.js", LambdaField("f"), {}, {"failed": True}),
        ("subscribe.js", LambdaSubscription("f"), {"contactId": "c1"}, {"result": {"data": CONDITIONS}}),
        ("subscribe.js", LambdaSubscription("f"), {}, {"result": {"data": CONDITIONS | {"endWhen": None}}}),
        ("subscribe.js", LambdaSubscription("f"), {}, {"result": {"error": {"type": "Unauthorized", "message": "no"}}}),
        ("subscribe.js", LambdaSubscription("f"), {}, {"failed": True}),
    ],
)
async def test_both_do_the_same(
    node_project: Path, file: str, resolver: Resolver, arguments: dict[str, Any], answer: dict[str, Any]
) -> None:
    event: dict[str, Any] = {
        "arguments": arguments,
        "identity": {"claims": {}},
        "source": None,
        "request": {"headers": {}},
    }
    event |= {"prev": None, "info": {"fieldName": "f"}, "stash": {}}
    by_node = _run(node_project, file, event, answer)
    by_python, sent = await _emulated(resolver, event, answer)
    if sent is not None:
        assert by_node["sent"] == sent
    del by_node["sent"]
    assert by_node == by_python


def _run(project: Path, file: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    context = json.dumps(event | {"args": event["arguments"]})
    command = [str(NODE), "run.js", f"./{file}", context, json.dumps(answer)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


async def _emulated(
    resolver: Resolver, event: dict[str, Any], answer: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    sent: list[dict[str, Any]] = []

    def invoke(name: str, payload: dict[str, Any]) -> Any:
        sent.append(payload)
        if "failed" in answer:
            raise RuntimeError("text of a call")
        return answer["result"]

    try:
        resolved = await resolve(resolver, event, invoke)
    except ResolverError as error:
        return {"error": str(error), "type": error.error_type}, sent[0]
    outcome: dict[str, Any] = {"value": resolved.value}
    if resolved.subscription_filter:
        outcome["filter"] = resolved.subscription_filter
    if resolved.invalidation_filter:
        outcome["endFilter"] = resolved.invalidation_filter
    if resolved.invalidation:
        gone = resolved.invalidation
        outcome["invalidation"] = {"subscriptionField": gone.subscription_field, "payload": gone.payload}
    return outcome, sent[0] if sent else None
