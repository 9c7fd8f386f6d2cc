"""What is deployed, for a reviewer to read: one file a stack. Kind: snapshot of the synthesised templates.

``make snapshots`` writes them anew; read the difference. Hashes are masked, so that code alone changes nothing here.
Policies are in permissions.txt; dashboards, resolvers and schema are files of their own with tests of their own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import Template

FOLDER = Path(__file__).with_name("snapshots")
STACKS = ("data", "models", "call-path", "panel-fields", "learning", "alerts", "workflows", "observability")
ELSEWHERE = {
    "AWS::IAM::Policy": "permissions.txt",
    "AWS::CloudWatch::Dashboard": "tests/infra/test_observability.py",
    "AWS::CDK::Metadata": "nothing of ours",
}
LONG = {"Code", "Definition", "DefinitionString", "Content", "DashboardBody", "RequestMappingTemplate"}
"""Properties that hold a file; the file is what to review."""


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_deployed_was_reviewed(templates: Mapping[str, Template], stack: str) -> None:
    now = "\n".join(_page(templates[f"sotto-shared-{stack}"])) + "\n"
    file = FOLDER / f"{stack}.txt"
    if os.environ.get("SOTTO_WRITE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(now)
    assert now == file.read_text()


def test_a_hash_changes_no_snapshot() -> None:
    one, other = (
        {"Resources": {f"Live{mask.upper()}": {"Type": "T", "Properties": {"Key": f"{mask * 8}.zip", "Days": days}}}}
        for mask, days in (("0a1b2c3d", 7), ("ffee9988", 7))
    )
    assert list(_page(one)) == list(_page(other)) == ["T", "    Live#", "        Days: 7", "        Key: #.zip"]


def _page(template: Template) -> Iterator[str]:
    resources = sorted(template["Resources"].items(), key=lambda item: (item[1]["Type"], item[0]))
    for kind in sorted({each["Type"] for _, each in resources} - ELSEWHERE.keys()):
        yield kind
        for name, each in resources:
            if each["Type"] == kind:
                kept = f"   [{each['DeletionPolicy']}]" if "DeletionPolicy" in each else ""
                yield f"    {_masked(name)}{kept}"
                yield from _lines(each.get("Properties", {}), "        ")


def _lines(value: Any, indent: str) -> Iterator[str]:
    for key, inner in sorted(value.items()):
        shown = "(a file)" if key in LONG else _readable(inner)
        if isinstance(shown, dict) and shown:
            yield f"{indent}{key}:"
            yield from _lines(shown, indent + "    ")
        elif isinstance(shown, list) and any(isinstance(each, dict) for each in shown):
            yield f"{indent}{key}:"
            for each in shown:
                first, *rest = _lines(each, "") if isinstance(each, dict) else [_masked(str(each))]
                yield f"{indent}    - {first}"
                yield from (f"{indent}      {line}" for line in rest)
        else:
            yield f"{indent}{key}: {_masked(str(shown))}"


def _readable(value: Any) -> Any:
    """CloudFormation's functions as the words that they will become."""
    if isinstance(value, list):
        return [_readable(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [between, parts]}:
            return between.join(str(_readable(part)) for part in parts)
        case {"Fn::Sub": text} if isinstance(text, str):
            return text
        case {"Fn::ImportValue": name}:
            return f"<{_readable(name)}>"
    return {key: _readable(inner) for key, inner in value.items()}


_HASH = re.compile(
    r"(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])"  # of an asset
    r"|(?<=[a-z])(?:[0-9A-F]{8})+(?![0-9a-z])"  # of a construct's path, at the end of a logical id
    r"|(?<=CurrentVersion)[0-9A-Fa-f]{8}[0-9a-f]{32}"  # of a function's code
)


def _masked(text: str) -> str:
    """A change of code, or of where a construct stands, is none of what is deployed."""
    return _HASH.sub("#", text)
