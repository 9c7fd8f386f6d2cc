"""How quickly a message is painted and whether memory stays flat: ``python -m tests.web.measure_panel``.

Message to paint is taken in the page: from the socket's message event until the frame after it has been painted, so a
frame's length (17 ms at 60 Hz) is part of every figure.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from sotto.call.annotation import AnnotationKind
from tests.web.conftest import CHROMIUM
from tests.web.panel_server import PanelServer, served_panel
from tests.web.sample_call import SampleCall

WATCH = """
window.painted = [];
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        this.addEventListener('message', (event) => {
            if (!event.data.includes('"data"')) return;
            const came = performance.now();
            requestAnimationFrame(() => {
                const after = new MessageChannel();
                after.port1.onmessage = () => window.painted.push(performance.now() - came);
                after.port2.postMessage(0);
            });
        });
    }
};
"""
WORDS = "I have been a customer for years and I would like to know what you can do about these fees today"


def utterances(call: SampleCall, count: int, *, first: int = 0, publish: bool) -> None:
    for number in range(first, first + count):
        speaker = "customer" if number % 3 else "agent"
        call.say(speaker, f"{number} {WORDS[: 20 + number % 70]}", start_ms=number * 4_000, publish=publish)


def talk(page: Page, call: SampleCall, *, messages: int, every_ms: int, first: int, interims: int = 7) -> None:
    """Interims that grow, finals and cards, as a lively call has them."""
    started, number = time.monotonic(), first
    for message in range(messages):
        if every_ms:
            page.wait_for_timeout(max(0, started * 1000 + message * every_ms - time.monotonic() * 1000))
        match message % (interims + 1):
            case last if last == interims:
                said = call.say("customer", WORDS[:70], start_ms=number * 4_000)
                call.note(AnnotationKind.ACTION, "offer", said, title=f"Offer {number}", reply=WORDS, expires_ms=20_000)
                number += 1
            case step:
                call.murmur("customer", WORDS[: 10 * (step + 1)], start_ms=number * 4_000)


def message_to_paint(page: Page, server: PanelServer) -> dict[str, Any]:
    call = SampleCall(server)
    call.begin()
    utterances(call, 500, publish=False)
    page.goto(server.url)
    expect(page.locator("[data-utterance=customer-1996000]")).to_be_visible()
    page.evaluate("window.painted = []")
    talk(page, call, messages=300, every_ms=100, first=500)
    page.wait_for_timeout(500)
    painted = sorted(page.evaluate("window.painted"))
    cuts = statistics.quantiles(painted, n=100)
    return {
        "messages": len(painted),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "max_ms": round(painted[-1], 1),
    }


def memory(page: Page, server: PanelServer) -> dict[str, Any]:
    """An hour's call, 900 utterances with two interims and a card each, as fast as it goes."""
    call = SampleCall(server, "an-hour")
    call.begin()
    page.goto(server.url)
    expect(page.locator("[data-status=live]")).to_be_visible()
    heaps = {}
    for quarter in range(1, 5):
        talk(page, call, messages=225 * 3, every_ms=0, first=(quarter - 1) * 225, interims=2)
        expect(page.locator(f"[data-utterance=customer-{(quarter * 225 - 1) * 4_000}]")).to_be_visible(timeout=60_000)
        heaps[f"{quarter * 15} min"] = round(page.evaluate("(gc(), performance.memory.usedJSHeapSize)") / 1e6, 1)
    return {"heap_mb": heaps, "elements": page.evaluate("document.querySelectorAll('*').length")}


def main() -> None:
    with served_panel() as server, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--js-flags=--expose-gc", "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 420, "height": 900})
        page.add_init_script(WATCH)
        print(json.dumps({"message_to_paint": message_to_paint(page, server)}), flush=True)
        print(json.dumps({"memory": memory(page, server)}), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
