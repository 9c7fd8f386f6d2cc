"""Contract tests: figures answered in this process, and by another function."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.aws.stack import EmbeddedAws
from sotto.api.adapters.lambda_figures import LambdaFigures
from sotto.api.analytics.service import FigureService
from sotto.aws.lambda_functions import FunctionUnavailable, LambdaAnswers
from sotto.core.function_spec import FunctionSpec
from tests.contract.ports.figures_contract import FORM, LAST_DAY, NOON_MS, SUPERVISOR, TENANT, FiguresContract
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.figures import FiguresInProcess, figure_ports, make_history


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    make_history(folder, TENANT, LAST_DAY)
    return folder


def in_process(history: Path) -> FiguresInProcess:
    return FiguresInProcess(figure_ports(history, AuditLogInMemory(), ClockByHand(NOON_MS)))


class TestFiguresInProcess(FiguresContract):
    @pytest.fixture
    def figures(self, history: Path) -> FigureService:
        return in_process(history)


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as running:
        yield running


def registered(aws: EmbeddedAws, handler: Any) -> LambdaFigures:
    aws.functions.register(FunctionSpec("answer_metric", "none", 30), handler)  # type: ignore[arg-type]
    where = aws.environment()
    client = boto3.client(
        "lambda",
        endpoint_url=aws.url,
        region_name=where["AWS_REGION"],
        aws_access_key_id=where["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=where["AWS_SECRET_ACCESS_KEY"],
    )
    return LambdaFigures(LambdaAnswers(client))


class TestLambdaFigures(FiguresContract):
    @pytest.fixture
    def figures(self, aws: EmbeddedAws, history: Path) -> FigureService:
        answering = in_process(history)
        return registered(aws, lambda event, context: answering.ask(event))


def test_a_function_that_fails_is_one_to_ask_again_and_quotes_nothing(aws: EmbeddedAws) -> None:
    def fails(event: Any, context: Any) -> Any:
        raise ValueError(f"cannot count {event['form']['metric']}")

    with pytest.raises(FunctionUnavailable) as failed:
        registered(aws, fails).ask({"claims": SUPERVISOR, "ask": "figure", "form": FORM})
    assert "conversations" not in str(failed.value)
