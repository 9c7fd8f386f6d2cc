"""The server, Chromium and a page, for the tests of the panel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.panel_server import DIST, MANAGER, PanelServer, served_panel
from tests.web.sample_call import SampleCall

PATIENCE_MS = 30_000
"""For a busy machine: nothing waits so long unless it fails."""
expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = os.environ.get("SOTTO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for longer than this folder: as long as it is there, Playwright's loop runs, beside which no other does."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it (Debian: apt install chromium) or name it in SOTTO_CHROMIUM")
    if not all((dist / "index.html").exists() for dist in (DIST, MANAGER)):
        pytest.skip("the pages are not built: run `npm ci && npm run build` in web/")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers rarely give; the pages are ours.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def server() -> Iterator[PanelServer]:
    with served_panel() as serving:
        yield serving


@pytest.fixture
def call(server: PanelServer) -> SampleCall:
    return SampleCall(server)


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as narrow as the agent workspace makes it. What it complains of (CSP included) fails the test: so it is
    closed before the server is, whichever of them a test names first."""
    complaints: list[str] = []
    if "server" in request.fixturenames:
        request.getfixturevalue("server")
    with browser.new_context(viewport={"width": 420, "height": 900}, permissions=["clipboard-read"]) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line.type, line.text) else None)
        page.set_default_timeout(PATIENCE_MS)
        yield page
    assert complaints == []


def is_complaint(kind: str, text: str) -> bool:
    """A lost line is no mistake of the page's: Chromium tells of it, and tests cut it on purpose."""
    return kind in ("error", "warning") and "ERR_" not in text and "WebSocket connection" not in text


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """Where to keep pictures to look at; nowhere unless SOTTO_SCREENSHOTS says so. The docs' are taken by ``make pictures``."""
    wanted = os.environ.get("SOTTO_SCREENSHOTS")
    return Path(wanted) if wanted else None
