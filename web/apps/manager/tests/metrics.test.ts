import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { metricIn } from "../src/figures/localised";
import { metrics } from "../src/messages/de/metrics";

const DEFINITIONS = new URL("../../../../sotto/analytics/metrics/", import.meta.url);
const shipped = readdirSync(DEFINITIONS).flatMap((file) => [...readFileSync(new URL(file, DEFINITIONS), "utf8").matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name));

it("every shipped metric has a German title and note, and nothing else has", () => {
  expect(shipped.length).toBeGreaterThan(40);
  expect(Object.keys(metrics).sort()).toEqual(shipped.sort());
});

it("a metric that has no German wording keeps its own", () => {
  const own = { name: "their_own", title: "Their own", note: "A note." };
  expect(metricIn("de-AT", own)).toEqual(own);
  expect(metricIn("de-AT", { ...own, name: "transfer_rate" }).title).toBe("Weitergaben");
  expect(metricIn("en", { ...own, name: "transfer_rate", title: "Transfer rate" }).title).toBe("Transfer rate");
});
