"""A function's zip, made without Docker: our code, and the wheels of its own extra for Lambda's platform.

What is built is the same, byte for byte, from the same sources and pins, so that only what changed is deployed: no byte
code, none of the installer's notes, and botocore without the services that no function calls.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import AssetCode, Code

REPOSITORY = Path(__file__).resolve().parents[2]
WHEELS = REPOSITORY / "build" / "wheels"
PYTHON = "3.13"
PLATFORMS = ("manylinux2014_aarch64", "manylinux_2_28_aarch64")
SERVICES = (
    "apigatewaymanagementapi", "bedrock-runtime", "connect", "connectcases", "customer-profiles", "dynamodb",
    "kinesis-video-media", "kinesisvideo", "kms", "lambda", "s3", "s3vectors", "sagemaker-runtime",
    "secretsmanager", "sns", "stepfunctions", "sts",
)  # fmt: skip
"""The services whose models stay in a zip's botocore, which holds over 400; a test compares them with the code."""
_NEVER_DEPLOYED = ("__pycache__", "*.pyc", "*.pyi")
_INSTALLERS_NOTES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
_RUNTIME_HAS_NO_USE_FOR = ("bin", "boto3/examples")
_AT_ONCE = 4
LARGEST_UNPACKED_BYTES = 250 * 1024**2
"""Of a function with its layers, by Lambda."""
_installing: defaultdict[Path, Lock] = defaultdict(Lock)


class BundlingFailed(Exception):
    """A zip could not be made. The message holds what the installer said."""


def function_code(name: str, extras: tuple[str, ...] = ()) -> AssetCode:
    """The code of ``functions/<name>`` with what it needs, and further extras of pyproject.toml."""
    return Code.from_asset(
        str(REPOSITORY / "functions" / name),
        # The hash of what was built: that of the sources would miss changes in the shared package and in the pins.
        asset_hash_type=AssetHashType.OUTPUT,
        bundling=BundlingOptions(
            image=DockerImage.from_registry("never-used"),
            local=_LocalBundling(name, extras),
            # Assets of one path share a cache that does not distinguish local bundlers.
            environment={"FUNCTION": name, "EXTRAS": ",".join(extras)},
        ),
    )


@jsii.implements(ILocalBundling)
class _LocalBundling:
    def __init__(self, name: str, extras: tuple[str, ...]) -> None:
        self._name = name
        self._extras = extras

    def try_bundle(self, output_dir: str, options: Any = None, **_: Any) -> bool:
        """Never answers False, upon which the CDK would try Docker and hide the reason."""
        build_into(Path(output_dir), self._name, self._extras)
        return True


def build_into(folder: Path, name: str, extras: tuple[str, ...] = ()) -> None:
    """Everything that the function imports. Raises BundlingFailed."""
    wheels = installed(requirements_of(name, *extras))
    shutil.copytree(wheels, folder, dirs_exist_ok=True)
    ignored = shutil.ignore_patterns(*_NEVER_DEPLOYED)
    for package in ("sotto", f"functions/{name}"):
        shutil.copytree(REPOSITORY / package, folder / package, dirs_exist_ok=True, ignore=ignored)
    shutil.copy2(REPOSITORY / "functions" / "__init__.py", folder / "functions")


@cache
def requirements_of(*extras: str) -> tuple[str, ...]:
    """What every function needs, and what these extras add."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    added = (needed for extra in extras for needed in project["optional-dependencies"][extra])
    return tuple(sorted({*project["dependencies"], *added}))


def installed(requirements: Sequence[str]) -> Path:
    """A folder with the wheels unpacked, kept between syntheses; functions with the same needs share it."""
    constraints = REPOSITORY / "requirements.lock"
    pins = constraints.read_text() if constraints.exists() else ""
    recipe = "\n".join((PYTHON, *PLATFORMS, *requirements, *SERVICES, pins, Path(__file__).read_text()))
    folder = WHEELS / hashlib.sha256(recipe.encode()).hexdigest()[:16]
    with _installing[folder]:
        if not folder.exists():
            _install(folder, requirements, constraints if pins else None)
    return folder


def fetch_wheels(needs: Iterable[tuple[str, ...]]) -> list[Path]:
    """Have the wheels of these extras ready, all at once: pip waits for the index most of the time. Raises
    BundlingFailed. What is ready needs no network any more."""
    wanted = sorted({requirements_of(*extras) for extras in needs})
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wheels") as side:
        return list(side.map(installed, wanted))


def _install(folder: Path, requirements: Sequence[str], constraints: Path | None) -> None:
    WHEELS.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--target", str(unfinished), "--only-binary=:all:", "--retries", "2"]
    command += ["--implementation", "cp", "--python-version", PYTHON]
    command += [option for platform in PLATFORMS for option in ("--platform", platform)]
    command += ["--constraint", str(constraints)] if constraints else []
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundlingFailed(
            f"pip could not install {', '.join(requirements)} for {PLATFORMS[0]}; the wheels are fetched once, by "
            f"'make wheels', after which no network is needed:\n{done.stderr}"
        )
    _trim(unfinished)
    check_size(unfinished, requirements)
    unfinished.rename(folder)


def check_size(folder: Path, requirements: Sequence[str]) -> None:
    """Raises BundlingFailed: Lambda would refuse it only when everything else is deployed."""
    size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
    if size > LARGEST_UNPACKED_BYTES:
        raise BundlingFailed(
            f"{', '.join(requirements)} are {size / 1024**2:.0f} MiB unpacked, and Lambda takes "
            f"{LARGEST_UNPACKED_BYTES / 1024**2:.0f}; where 'embedded' is among a tenant's recognisers in the "
            "deployment file, take it out: it runs on one machine, not in a function"
        )


def _trim(folder: Path) -> None:
    for notes in folder.glob("*.dist-info"):
        for name in _INSTALLERS_NOTES:
            (notes / name).unlink(missing_ok=True)
    for useless in _RUNTIME_HAS_NO_USE_FOR:
        shutil.rmtree(folder / useless, ignore_errors=True)
    for data in (folder / "botocore" / "data", folder / "boto3" / "data"):
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)
