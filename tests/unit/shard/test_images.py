"""Unit: the shard's two images start what the documents say they start."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from model_containers.shard.__main__ import _parser
from model_containers.shard.decoder.process import options_of

REPOSITORY = Path(__file__).resolve().parents[3]
SHARD = REPOSITORY / "model_containers" / "shard"
ON_CPU, ON_GPU = SHARD / "Dockerfile", SHARD / "Dockerfile.gpu"


def arguments(image: Path) -> list[str]:
    """Of ``python -m model_containers.shard``, as the image's entry point gives them."""
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", image.read_text(encoding="utf-8"), re.M)
    shell, option, line = json.loads(entry)
    assert (shell, option) == ("sh", "-c")
    words = shlex.split(line)
    assert words[:4] == ["exec", "python", "-m", "model_containers.shard"]
    return words[4:]


def engine(image: Path) -> str | None:
    found = re.search(r"\bSOTTO_ENGINE=(\w+)", image.read_text(encoding="utf-8"))
    return found[1] if found else None


@pytest.fixture(autouse=True)
def settings_of_the_image_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOTTO_ENGINE", raising=False)


def test_the_image_for_processors_serves_classifiers_on_the_processor() -> None:
    options, rest = _parser().parse_known_args(arguments(ON_CPU))
    assert options.engine == "encoder" and engine(ON_CPU) is None and rest == []
    assert options.host == "0.0.0.0"


def test_the_image_for_gpus_writes_on_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_ENGINE", str(engine(ON_GPU)))
    options, rest = _parser().parse_known_args(arguments(ON_GPU))
    decoder = options_of(["--fd", "0", "--model", "base", *rest])
    assert options.engine == "decoder" and decoder.device == "cuda" and options.host == "0.0.0.0"


def test_the_recipe_for_gpus_names_the_image_that_uses_one() -> None:
    text = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    recipe = text[text.index("On a GPU, name an `image`") :].split("`SOTTO_SHARD_ENDPOINT`")[0]
    assert re.findall(r"-f (\S+) ", recipe) == [str(ON_GPU.relative_to(REPOSITORY))]


def test_the_guide_names_images_and_build_arguments_that_there_are() -> None:
    """An argument belongs to the image that was named last."""
    named, image = r"(model_containers/shard/Dockerfile(?:\.\w+)?)|--build-arg (\w+)=", None
    for path, argument in re.findall(named, (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")):
        image = REPOSITORY / path if path else image
        assert image is not None and image.exists(), path or argument
        arguments_of_it = re.findall(r"^ARG (\w+)", image.read_text(encoding="utf-8"), re.M)
        assert not argument or argument in arguments_of_it, f"{argument} of {image.name}"
