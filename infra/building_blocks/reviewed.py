"""Findings of cdk-nag that we accept: each at the construct that causes it, with the reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, *findings: str, because: str) -> None:
    """``findings`` are cdk-nag's ids, with the part in brackets where it gives one."""
    Validations.of(construct).acknowledge(*(Acknowledgment(id=finding, reason=because) for finding in findings))
