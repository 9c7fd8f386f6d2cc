/** Webhooks as Sotto signs them: one whose secret is being rotated, so it has a signature of each. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SottoError, verifyWebhook, WebhookRefused } from "sotto-api";

interface Sent {
  headers: Record<string, string>;
  body: string;
  hmac: string;
  ed25519: string;
  nowMs: number;
}

const { headers, body, hmac, ed25519, nowMs } = JSON.parse(process.env.WEBHOOK ?? "null") as Sent;
const signatures = (headers["webhook-signature"] ?? "").split(" ");
const refused = (error: unknown) => error instanceof WebhookRefused && error instanceof SottoError;

for (const [name, secret] of [["HMAC", hmac], ["ed25519", ed25519]] as const) {
  test(`${name}: an event is verified, however its headers and body come`, async () => {
    const upper = Object.fromEntries(Object.entries(headers).map(([each, value]) => [each.toUpperCase(), value]));
    for (const given of [headers, upper, new Headers(headers)]) {
      for (const content of [body, new TextEncoder().encode(body)]) {
        const event = await verifyWebhook(content, given, secret, { nowMs });
        assert.deepEqual([event.id, event.type, event.data.contact_id], [headers["webhook-id"], "summary.ready", "c1"]);
      }
    }
  });

  test(`${name}: what was changed is refused`, async () => {
    const changed = (more: Record<string, string>) => verifyWebhook(body, { ...headers, ...more }, secret, { nowMs });
    const at = Number(headers["webhook-timestamp"]);
    await assert.rejects(verifyWebhook(`${body} `, headers, secret, { nowMs }), refused);
    await assert.rejects(changed({ "webhook-id": "msg_other" }), refused);
    await assert.rejects(changed({ "webhook-timestamp": String(at + 1) }), refused);
    for (const signature of ["", "v1", "v1,", "v1a,%%%", "v1,AAAA v1a,AAAA", "v2,AAAA"]) {
      await assert.rejects(changed({ "webhook-signature": signature }), refused, signature);
    }
  });

  test(`${name}: what is too old or too new is refused`, async () => {
    for (const away of [-301_000, 301_000, Number.NaN]) {
      await assert.rejects(verifyWebhook(body, headers, secret, { nowMs: nowMs + away }), refused);
    }
    await assert.rejects(verifyWebhook(body, { ...headers, "webhook-timestamp": "soon" }, secret, { nowMs }), refused);
    await assert.rejects(verifyWebhook(body, headers, secret), refused);
  });
}

test("a signature counts for its own algorithm alone", async () => {
  const [first = "", second = ""] = signatures;
  assert.deepEqual([first.split(",")[0], second.split(",")[0]].sort(), ["v1", "v1a"]);
  const swapped = signatures.map((each) => (each.startsWith("v1a,") ? each.replace("v1a,", "v1,") : each.replace("v1,", "v1a,")));
  for (const secret of [hmac, ed25519]) {
    await assert.rejects(verifyWebhook(body, { ...headers, "webhook-signature": swapped.join(" ") }, secret, { nowMs }), refused);
  }
  // The public half is known to all: it must not do as the key of an HMAC.
  await assert.rejects(verifyWebhook(body, headers, ed25519.replace("whpk_", "whsec_"), { nowMs }), refused);
});

test("a secret that is none is said to be none, and not shown", async () => {
  for (const secret of ["", "whsec_", "whsec_%%%", "whpk_QUJD", "QUJD"]) {
    await assert.rejects(verifyWebhook(body, headers, secret, { nowMs }), (error) => error instanceof TypeError && !error.message.includes("QUJD"));
  }
});
