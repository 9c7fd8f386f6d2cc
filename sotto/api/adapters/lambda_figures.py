"""Figures answered by answer_metric, which has what counting takes: DuckDB and two processors."""

from __future__ import annotations

from typing import Any

from sotto.aws.lambda_functions import LambdaAnswers


class LambdaFigures:
    """A FigureService."""

    def __init__(self, functions: LambdaAnswers) -> None:
        self._functions = functions

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answered: dict[str, Any] = self._functions.ask("answer_metric", request)
        return answered
