"""Contract: a small share of what ``sotto bench api-schema`` asks the REST API, the same each time."""

from __future__ import annotations

import pytest

from benchmarks.api_schema import run
from sotto.api.rest.routing import all_routes


@pytest.mark.filterwarnings("ignore")  # schemathesis' own, of libraries that it brings
def test_no_case_is_a_server_error_or_breaks_the_document() -> None:
    found = run(cases=4 * len(all_routes()), base_seed=7)
    assert found.cases > 2 * len(all_routes())
    assert found.server_errors == 0
    assert not found.failures, found.examples
