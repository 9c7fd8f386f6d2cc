"""Generation in the embedded stack: who writes texts, and a tenant whose policies ask for them.

A host that speaks OpenAI's chat completions, or our own shard with a model directory of this machine, or both: then the
shard is asked first. See docs/playbook.md for what is added to the tenant, docs/deploy.md for the settings on AWS.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from local.aws.single_endpoint import SingleEndpoint
from local.aws.stack import ENGINEERS_KEY, EmbeddedAws
from local.records import BUCKET
from local.shard_process import ShardProcess
from local.tenants import MODELS_PREFIX, ModelPublisher, publish_models
from sotto.core.errors import Rejected
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.hosting import ADAPTERS

WRITERS_ENDPOINT = "sotto-writer"
SECRET = "sotto-openai-key"
NO_KEY = "none"
"""What is sent to hosts that ask for no key."""
DEADLINE = "8s"
TEXTS: Mapping[str, Mapping[str, Any]] = {
    "tenant.yaml": {
        "answer": {"task": "answer", "package": "any"},
        "reply": {"task": "reply", "package": "any"},
    },
    "policies.yaml": {
        "name": "written texts",
        "run": [
            {"model": "answer", "after": ["knowledge"], "speakers": ["customer"], "deadline": DEADLINE},
            {"model": "reply", "after": ["knowledge"], "speakers": ["customer"], "deadline": DEADLINE},
        ],
        "playbooks": ["written"],
    },
    "playbook.yaml": {
        "actions": {
            "written_answer": {
                "answer": {"model": "answer", "at_least": 0.4},
                "again_after": "20s",
                "show": {"title": "Answer: {article}"},
            },
            "suggested_reply": {
                "answer": {"model": "reply", "at_least": 0.4},
                "again_after": "20s",
                "expires": "60s",
                "show": {"title": "You could say"},
            },
        }
    },
}


class WriterUnclear(Rejected):
    """``--generate`` was given without what it needs."""


@dataclass(frozen=True, slots=True)
class Writing:
    """``url``: of a host, as far as before ``/chat/completions``; ``model`` and ``key`` are the host's. ``base``: a
    Llama- or Mistral-shaped model directory that our shard runs, with ``adapters``: packages of tenants' models
    ``writer``. ``prices``: as SOTTO_GENERATION_PRICES. ``tenants``: whose policies ask for texts; empty: everybody's.
    """

    url: str = ""
    model: str = ""
    key: str = NO_KEY
    base: Path | None = None
    adapters: tuple[Path, ...] = ()
    prices: str = ""
    tenants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises WriterUnclear."""
        if self.url and not _is_address(self.url):
            raise WriterUnclear(f"--generate {self.url}: write the host's address, such as http://localhost:11434/v1")
        if self.url and not self.model:
            raise WriterUnclear("--generate needs --generate-model: what the host calls the model, such as llama3.2")

    @property
    def settings(self) -> dict[str, str]:
        """The variables of functions that write."""
        order = ["shard"] * (self.base is not None) + ["openai"] * bool(self.url)
        variables = {"SOTTO_GENERATION": ",".join(order), "SOTTO_GENERATION_PRICES": self.prices}
        host = {"SOTTO_OPENAI_URL": self.url, "SOTTO_OPENAI_MODEL": self.model, "SOTTO_OPENAI_SECRET": SECRET}
        return variables | (host if self.url else {})

    def shard(self, aws: EmbeddedAws, repository: Path, log: Path) -> ShardProcess | None:
        """Not started yet. It fetches adapters from the bucket, with a role of its own as on SageMaker."""
        if self.base is None:
            return None
        prefix = f"s3://{BUCKET}/{MODELS_PREFIX}".rstrip("/")
        options = ["--engine", "decoder", "--model", str(self.base), "--adapters", prefix, "--dtype", "float32"]
        environment = aws.environment() | {"AWS_ACCESS_KEY_ID": ENGINEERS_KEY}
        return ShardProcess(repository, log, [*options, "--rows", "4"], environment)

    def host(self, aws: EmbeddedAws, shard: ShardProcess | None, models_table: str) -> None:
        """The host's key and the shard's endpoint and adapters, where the functions look for them."""
        if self.url:
            aws.engineer("secretsmanager").create_secret(Name=SECRET, SecretString=self.key)
        if shard is not None:
            aws.sagemaker.add_streaming(SingleEndpoint(WRITERS_ENDPOINT, shard.url))
            registry = DynamoModelRegistry(aws.engineer("dynamodb"), models_table)
            endpoint = f"{WRITERS_ENDPOINT}/{ADAPTERS}"
            publish_models(self.adapters, ModelPublisher(aws.engineer("s3"), BUCKET, registry), endpoint)

    def asked_by(self, folder: Path, into: Path) -> Path:
        """The tenant's folder; a copy in ``into`` that asks for texts, when its texts are to be written."""
        if self.tenants and folder.name not in self.tenants:
            return folder
        copy = Path(shutil.copytree(folder, into / folder.name))
        for name, added in TEXTS.items():
            _add(copy / name, added)
        return copy


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none, a bracket that is never closed
        return False


def _add(file: Path, added: Mapping[str, Any]) -> None:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4_096
    content = yaml.load(file)
    match file.name:
        case "tenant.yaml":
            content["models"].update(added)
            # These copies are for seeing every text that is written, as unsure as its rule allows.
            content["guidance"] = {"pause": "0ms", "patience": "60s", "confidence": {"info": 0.4}}
        case "policies.yaml":
            content["policies"].append(dict(added))
        case _:
            content["sets"]["written"] = dict(added)
    yaml.dump(content, file)
