"""The REST API asked whatever its OpenAPI document allows and much that it forbids: schemathesis over serve_api, with
the emulated HTTP API before it and the emulated account behind it, in this process.

    python -m benchmarks.api_schema [--cases 10000] [--seed 1] [--json FILE]

Half of the cases follow the document, half break it somewhere. Of each answer it is checked that it is no server error,
that its status, media type, headers and body are those of the document, and that what was broken was refused.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from moto import mock_aws
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as of_openapi
from starlette.applications import Starlette

from benchmarks.quiet_logs import without_logs
from local.aws.api_gateway.http_api import HttpApi
from sotto.api.rest.openapi import document
from sotto.api.rest.route import Route
from sotto.api.rest.routing import all_routes

CHECKS = [
    not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.negative_data_rejection,
]
BETWEEN_MS = 100
"""By the bank's clock, so that no client asks too often."""
WAITS_S = 300.0
"""The machine may be busy, and the emulated account is slower than the real one."""


@dataclass
class Findings:
    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


class AskedApi:
    """``ask(route)``: with a key of the role of the route's example."""

    def __init__(self, key_of: Callable[[str], str], handle: Callable[[Any, Any], Any], clock: Any) -> None:
        self._key_of = key_of
        self._clock = clock
        gateway = HttpApi("serve_api", lambda name, event: handle(event, None), clock=clock, waits_s=WAITS_S)
        app = Starlette(routes=gateway.routes())
        self.schema = schemathesis.openapi.from_dict(document())
        self.schema.app = app
        self.schema.config.update(base_url="http://api.test")
        self.findings = Findings()

    def ask_all(self, cases: int, base_seed: int) -> None:
        """About so many, the same number of each route."""
        routes = all_routes()
        each = max(2, cases // (2 * len(routes)))
        for number, route in enumerate(routes):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._ask(route, mode, each, base_seed + number)

    def _ask(self, route: Route, mode: GenerationMode, cases: int, seeded: int) -> None:
        operation = self.schema[route.path][route.method]
        key = self._key_of(route.example.role)

        @seed(seeded)
        @settings(
            max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def asked(case: Case[Any]) -> None:
            if mode is GenerationMode.POSITIVE and self.findings.cases % 4:
                case.path_parameters.update(route.example.path)  # else nearly all are about what is not there
            self._one(case, key)

        asked()

    def _one(self, case: Case[Any], key: str) -> None:
        self._clock.advance(BETWEEN_MS)
        found = self.findings
        found.cases += 1
        case.headers["Authorization"] = f"Bearer {key}"
        response = case.call(timeout=WAITS_S)
        found.statuses[response.status_code] += 1
        for problem in _problems(lambda: case.validate_response(response, checks=CHECKS)):
            kind = f"{case.operation.label}: {type(problem).__name__}"
            found.failures[kind] += 1
            found.examples.setdefault(kind, f"{problem} | {case.as_curl_command()} | {response.text}"[:1_500])


def _problems(check: Callable[[], None]) -> Iterator[BaseException]:
    try:
        check()
    except FailureGroup as group:
        yield from group.exceptions
    except Failure as failure:
        yield failure


def run(cases: int, base_seed: int) -> Findings:
    from functions.serve_api.handler import handler
    from tests.contract.rest_bank import RestBank

    with without_logs(), mock_aws():
        bank = RestBank()
        bank.put_example_key()
        bank.put_example_certificate()
        bank.put_example_webhook()
        bank.put_example_insights()
        bank.put_example_export()
        bank.put_example_workflow()
        api = AskedApi(bank.key_of, handler.within(bank.sotto), bank.clock)
        api.ask_all(cases, base_seed)
    return api.findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true", help="one example of each failure")
    asked = parser.parse_args()
    began = time.perf_counter()
    found = run(asked.cases, asked.seed)
    took_s = round(time.perf_counter() - began, 1)
    print(f"{found.cases:,} cases in {took_s} s: {found.server_errors} server errors, "
          f"{sum(found.failures.values())} violations of the document")  # fmt: skip
    print("answers by status:", ", ".join(f"{status}: {count}" for status, count in sorted(found.statuses.items())))
    for kind, count in found.failures.most_common():
        print(f"  {count} x {kind}")
        if asked.show:
            print(f"      {found.examples[kind]}")
    if asked.json:
        asked.json.write_text(json.dumps({
            "cases": found.cases, "server_errors": found.server_errors, "violations": dict(found.failures),
            "statuses": dict(found.statuses), "seconds": took_s,
        }))  # fmt: skip


if __name__ == "__main__":
    main()
