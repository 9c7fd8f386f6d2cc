"""Contract tests: the TypeScript SDK, compiled strictly, against the API over HTTP; its page's examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from functions.serve_api.handler import handler
from local.aws.api_gateway.http_api import HttpApi
from local.aws.web_server import WebServer
from sotto.api.caller import Caller
from sotto.api.roles import Role
from sotto.api.webhooks.use_cases import WebhookPorts, create, rotate
from sotto.call.events import SummaryReady
from sotto.webhooks.endpoint import Algorithm
from sotto.webhooks.send import Outcome, SendPorts, accept
from tests.contract.rest_bank import RestBank
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.turned_clock import TurnedClock
from tests.fakes.webhooks import DeliveriesInMemory, EndpointsInMemory, KeysInClear, Receivers

ROOT = Path(__file__).parents[2]
SDK = ROOT / "sdks" / "typescript"
MODULES = ROOT / "web" / "node_modules"
EXAMPLES = re.findall(r"^```ts\n(.*?)^```", (SDK / "README.md").read_text(), re.MULTILINE | re.DOTALL)
NODE = shutil.which("node")
WAITS_S = 300.0
"""The machine may be busy."""
RECEIVED = """
const { headers, body, nowMs } = JSON.parse(process.env.WEBHOOK);
Date.now = () => nowMs;
const { receive } = await import("./build/examples/2.js");
for (const content of [body, body + " "]) {
  const request = new Request("https://crm.example.com/hook", { method: "POST", headers, body: content });
  console.log((await receive(request)).status);
}
"""
"""A receiver of the page, at the time at which the webhook was sent, gets it and then something else."""
IN_A_PAGE = """async ({ SOTTO_KEY, OFFICER_KEY, WEBHOOK }) => {
  const { ApiError, Sotto, verifyWebhook } = await import("/dist/index.js");
  const opened = (key) => new Sotto(location.origin, key, { timeoutMs: 300_000 });
  const texts = [];
  for await (const each of opened(SOTTO_KEY).iterateTranscript("c1")) texts.push(each.text);
  const person = { kind: "contact", value: "c1" };
  const written = typeof (await opened(OFFICER_KEY).askErasure({ person })).id === "string";
  const { headers, body, hmac, ed25519, nowMs } = WEBHOOK;
  const verified = [];
  for (const secret of [hmac, ed25519]) {
    verified.push((await verifyWebhook(body, headers, secret, { nowMs })).data.contact_id);
  }
  const error = await opened(SOTTO_KEY).askErasure({ person }).catch((reason) => reason);
  return { texts, written, verified, refused: error instanceof ApiError && error.type };
}"""
CHROMIUM = os.environ.get("SOTTO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed; it runs the TypeScript client here")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, built as it is published; then its tests and examples, which see of it what is published."""
    copied = tmp_path_factory.mktemp("sdk") / "typescript"
    shutil.copytree(SDK, copied, ignore=shutil.ignore_patterns("dist", "build", "node_modules", "__pycache__"))
    for number, example in enumerate(EXAMPLES):
        address = 'new Sotto("https://api.example.com"'
        assert address in example or "new Sotto" not in example
        (copied / "examples").mkdir(exist_ok=True)
        (copied / "examples" / f"{number}.ts").write_text(
            example.replace(address, 'new Sotto(process.env.SOTTO_URL ?? ""')
        )
    _compile(copied)
    _compile(copied / "tests", "--typeRoots", str(MODULES / "@types"))
    return copied


@pytest.fixture(scope="module")
def served(package: Path) -> Iterator[dict[str, str]]:
    """What a client is given: the address and keys. A page of the same origin finds the package beside the API."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        bank = RestBank()
        handle = handler.within(bank.sotto)
        gateway = HttpApi("serve_api", lambda name, event: handle(event, None), clock=bank.clock, waits_s=WAITS_S)
        pages = Mount("/", StaticFiles(directory=package))
        with WebServer(Starlette(routes=[*gateway.routes(), pages]), has_pages=True) as server:
            yield {
                "SOTTO_URL": server.url,
                "SOTTO_KEY": bank.key_of("quality"),
                "ANALYST_KEY": bank.key_of("analyst"),
                "ADMIN_KEY": bank.key_of("admin"),
                "OFFICER_KEY": bank.key_of("privacy_officer"),
                "WEBHOOK": json.dumps(_webhook()),
            }


def _webhook() -> dict[str, object]:
    """As it is sent while its secret is rotated, from one algorithm to the other."""
    admin = Caller("bank", "ann", Role.ADMIN)
    endpoints, deliveries, keys = EndpointsInMemory(), DeliveriesInMemory(), KeysInClear()
    audit, clock, receivers = AuditLogInMemory(), TurnedClock(), Receivers(lambda url, before: Outcome(204))
    manage = WebhookPorts(endpoints, deliveries, keys, audit, clock)
    made = create(
        admin, "https://crm.example.com/hook", frozenset({"summary.ready"}), Algorithm.HMAC, manage, is_ordered=False
    )
    rotated = rotate(admin, made.endpoint.id, Algorithm.ED25519, manage)
    ports = SendPorts(endpoints, deliveries, keys, receivers, audit, clock, lambda: 1.0, lambda kind: None)
    accept(SummaryReady("bank", "c1", "summary", 1, int(clock.now_ms())), ports)
    ((_, headers, body),) = receivers.sent
    return {
        "headers": headers,
        "body": body.decode(),
        "hmac": made.verifies,
        "ed25519": rotated.verifies,
        "nowMs": clock.now_ms(),
    }


def _compile(project: Path, *more: str) -> None:
    compiler = MODULES / "typescript" / "bin" / "tsc"
    assert compiler.exists(), "run make setup: the compiler is one of web's packages"
    done = subprocess.run([str(NODE), str(compiler), "-p", str(project), *more], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def _run(package: Path, given: dict[str, str], *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], **given}
    command = [str(NODE), *arguments]
    done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_does_what_its_own_tests_say(package: Path, served: dict[str, str]) -> None:
    files = sorted(str(each) for each in (package / "build" / "tests").glob("*.test.js"))
    assert len(files) == len(list((SDK / "tests").glob("*.test.ts"))) >= 2
    found = _run(package, served, "--test", "--test-reporter=tap", *files)
    assert int(re.findall(r"^# pass (\d+)", found, re.MULTILINE)[0]) >= 28 and "\n# fail 0" in found


def test_the_readmes_examples_run(package: Path, served: dict[str, str]) -> None:
    assert len(EXAMPLES) == 3
    assert _run(package, served, "build/examples/0.js") == "customer I want to leave.\n"
    assert re.fullmatch(r"asked for \S+\n", _run(package, served, "build/examples/1.js"))
    webhook = json.loads(served["WEBHOOK"])
    found = _run(package, served | {"WEBHOOK_SECRET": webhook["ed25519"]}, "--input-type=module", "--eval", RECEIVED)
    assert found == f"{webhook['headers']['webhook-id']} summary.ready c1\n204\n400\n"


def test_a_refused_example_says_why(package: Path, served: dict[str, str]) -> None:
    given = served | {"OFFICER_KEY": served["ANALYST_KEY"]}
    command = [str(NODE), "build/examples/1.js"]
    environment = {"PATH": os.environ["PATH"], **given}
    done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "") and done.stderr.startswith("403 forbidden ")


@pytest.mark.browser
def test_a_browser_reads_writes_and_verifies_with_it(package: Path, served: dict[str, str]) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it (Debian: apt install chromium) or name it in SOTTO_CHROMIUM")
    (package / "page.html").write_text("<!doctype html><title>A page</title>")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(f"{served['SOTTO_URL']}/page.html", timeout=WAITS_S * 1000)
        found = page.evaluate(IN_A_PAGE, served | {"WEBHOOK": json.loads(served["WEBHOOK"])})
        chromium.close()
    assert found == {"texts": ["I want to leave."], "written": True, "verified": ["c1", "c1"], "refused": "forbidden"}


def test_what_is_published_depends_on_nothing(package: Path) -> None:
    published = json.loads((package / "package.json").read_text())
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & published.keys()
    for file in (package / "dist").glob("*.js"):
        assert all(each.startswith("./") for each in re.findall(r'from "([^"]+)"', file.read_text()))
    entry = published["exports"]["."]
    assert (package / entry["default"]).exists() and (package / entry["types"]).exists()
