"""What a function's zip holds. Kind: makes zips, without Docker; wheels come from the package index once."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from functions.specs import everything
from infra.building_blocks import bundling
from local.records import records_environment

PYTHON_FILES = [file for folder in ("sotto", "functions") for file in (bundling.REPOSITORY / folder).rglob("*.py")]
CLIENTS = re.compile(r"""\b(?:client|resource)\(\s*["']([a-z0-9-]+)["']""")
FUNCTIONS = everything().functions
LARGEST_ZIP_BYTES = 20 * 1024**2


def test_every_service_that_the_code_calls_stays_in_botocore() -> None:
    called = {service for file in PYTHON_FILES for service in CLIENTS.findall(file.read_text())}
    assert called
    assert called <= set(bundling.SERVICES)


def test_every_function_has_an_extra_and_its_own_folder() -> None:
    folders = {file.parent.name for file in (bundling.REPOSITORY / "functions").glob("*/handler.py")}
    assert folders == {spec.name for spec in FUNCTIONS}
    for name in folders:
        assert bundling.requirements_of(name)


@pytest.fixture(scope="module")
def arm_zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One for each set of needs, by the first function that has it: a zip is what is needed, the package, which is the
    same in each, and the function's own folder."""
    firsts = {bundling.requirements_of(spec.name): spec.name for spec in reversed(FUNCTIONS)}
    bundling.fetch_wheels((name,) for name in firsts.values())
    return {name: _built(tmp_path_factory.mktemp(name), name) for name in firsts.values()}


def _built(folder: Path, name: str) -> Path:
    bundling.build_into(folder, name)
    return folder


def test_compiled_wheels_are_for_lambdas_processor_and_python(arm_zips: dict[str, Path]) -> None:
    for folder in arm_zips.values():
        compiled = list(folder.rglob("*.so*"))
        assert compiled, "pydantic brings a compiled core"
        for library in compiled:
            machine = int.from_bytes(library.read_bytes()[18:20], "little")
            assert machine == 0xB7, f"{library.name} is not for aarch64"
            assert "cpython-3" not in library.name or "cpython-313" in library.name, library.name


@pytest.mark.parametrize("name", ["start_guidance", "transcribe_call", "ingest_contact_lens", "authorise_connection"])
def test_zips_are_small(name: str, tmp_path: Path) -> None:
    """The other functions need the same as start_guidance."""
    assert _zipped_bytes(_built(tmp_path / name, name), tmp_path / f"{name}.zip") < LARGEST_ZIP_BYTES


def test_a_zip_built_twice_is_the_same(tmp_path: Path) -> None:
    once, again = (_built(tmp_path / each, "start_guidance") for each in ("once", "again"))
    assert _contents(once) == _contents(again)


def test_a_zip_holds_no_other_function_and_nothing_of_the_installers(arm_zips: dict[str, Path]) -> None:
    for name, folder in arm_zips.items():
        assert [each.name for each in (folder / "functions").iterdir() if each.is_dir()] == [name]
        names = {each.name for each in folder.rglob("*")}
        assert not names & {"__pycache__", "RECORD", "INSTALLER", "direct_url.json"}


DEPLOYED = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",  # Lambda sets both
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_TRACE_DISABLED": "true",
    **{table.variable: table.name for table in everything().tables},
    **records_environment(),
    "SOTTO_GRAPHQL_URL": "https://api.example.com/graphql",
    "SOTTO_WEBSOCKET_URL": "wss://desktops.example.com/live",
    "SOTTO_OIDC_ISSUER": "https://login.example.com",
    "SOTTO_OIDC_TENANTS": "harbour_bank",
    "SOTTO_GUIDE_UTTERANCE_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:sotto-guide_utterance",
    "SOTTO_AFTER_CALL_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:sotto-after_call",
    "SOTTO_TENANT_KEY": "alias/sotto-tenant-{tenant}",
    "SOTTO_CERTIFICATE_KEY": "alias/sotto-certificates",
    "SOTTO_RUN_WORKFLOW_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:sotto-run_workflow",
    "SOTTO_IMPORT_CONVERSATIONS_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:sotto-import_conversations",
    "SOTTO_IMPORT_SOURCES": '[{"tenant": "harbour_bank", "name": "archive", "bucket": "archive", "prefix": "calls/"}]',
    "SOTTO_REVIEW_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:sotto-review_conversation",
    "SOTTO_TENANT_ROLE_ARN": "arn:aws:iam::111122223333:role/sotto-tenant-{tenant}-us-east-1",
    "SOTTO_DEEPGRAM_SECRET": "deepgram",
    "SOTTO_ALERT_TOPIC_ARN": "arn:aws:sns:us-east-1:111122223333:sotto-alerts-{tenant}",
    "SOTTO_GENERATION": "shard,bedrock,openai",
    "SOTTO_BEDROCK_MODEL": "any",
    "SOTTO_OPENAI_URL": "https://models.example.com/v1",
    "SOTTO_OPENAI_MODEL": "any",
    "SOTTO_OPENAI_SECRET": "openai",
}


@pytest.fixture(scope="module")
def run_here(arm_zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Path]:
    """What zips hold beside the function's own folder, with compiled libraries of this machine, by what is needed."""
    found = {}
    for name, zipped in arm_zips.items():
        folder = tmp_path_factory.mktemp(name) / "here"
        shutil.copytree(zipped, folder, ignore=shutil.ignore_patterns("functions"))
        for libraries in folder.glob("*.libs"):
            _swap_what_modules_link_to(libraries)
        for library in folder.rglob("*.so"):
            _swap_for_this_machines(library, folder)
        found[bundling.requirements_of(name)] = folder
    return found


@pytest.mark.parametrize("name", [spec.name for spec in FUNCTIONS])
def test_all_that_a_function_ever_imports_is_in_its_zip(
    name: str, run_here: dict[tuple[str, ...], Path], tmp_path: Path
) -> None:
    """Handlers import their adapters at first use: so all that they build is built, and what those import later still.
    Nothing but the zip is visible, there is no network; only compiled libraries are swapped for this machine's. Who
    needs the same shares what is compiled of it."""
    own = tmp_path / "functions"
    shutil.copytree(bundling.REPOSITORY / "functions" / name, own / name)
    shutil.copy2(bundling.REPOSITORY / "functions" / "__init__.py", own)
    probe = Path(__file__).with_name("zip_probe.py")
    command = [
        sys.executable,
        "-I",
        "-S",
        str(probe),
        name,
        str(tmp_path),
        str(run_here[bundling.requirements_of(name)]),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=DEPLOYED)
    assert done.returncode == 0, done.stderr


def _swap_what_modules_link_to(libraries: Path) -> None:
    """``numpy.libs``: named by what they hold, and loaded by the modules of the same machine."""
    shutil.rmtree(libraries)
    for here in map(Path, sys.path):
        if (here / libraries.name).is_dir():
            shutil.copytree(here / libraries.name, libraries)


def _swap_for_this_machines(library: Path, folder: Path) -> None:
    if library.parent.suffix == ".libs":
        return
    module = str(library.relative_to(folder)).split(".")[0].replace("/", ".")
    library.unlink()
    found = importlib.util.find_spec(module)
    if found is not None and found.origin is not None:
        shutil.copy(found.origin, library.parent)


def _zipped_bytes(folder: Path, target: Path) -> int:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(file, file.relative_to(folder))
    size = target.stat().st_size
    target.unlink()
    return size


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_what_lambda_would_refuse_for_its_size_is_refused_before(tmp_path: Path) -> None:
    with (tmp_path / "weights.bin").open("wb") as file:
        file.truncate(bundling.LARGEST_UNPACKED_BYTES)
    bundling.check_size(tmp_path, ["small==1"])
    (tmp_path / "one_more.py").write_text("#")
    with pytest.raises(bundling.BundlingFailed, match="250; where 'embedded' is among"):
        bundling.check_size(tmp_path, ["large==1"])


def test_the_embedded_recogniser_is_brought_where_a_tenant_is_transcribed_by_it() -> None:
    assert not any("ctranslate2" in each for each in bundling.requirements_of("transcribe_call"))
    with_embedded = bundling.requirements_of("transcribe_call", "embedded_recogniser")
    assert any(each.startswith("ctranslate2==") for each in with_embedded)
