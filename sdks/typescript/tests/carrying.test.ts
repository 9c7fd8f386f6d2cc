/** What the client does when answers are late, lost, wrong or refused. No network. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, ConnectionError, Sotto, SottoError, TimeoutError, VERSION } from "sotto-api";

import { answer, lost, script, silent } from "./script.js";

const PERSON = { person: { kind: "contact", value: "c1" } } as const;
const refused = (type: string, status: number, headers: Record<string, string> = {}) =>
  answer({ type: `https://sotto.dev/problems/${type}`, title: "t", status, detail: "Do this." }, status, headers);

async function failure(asked: Promise<unknown>): Promise<unknown> {
  return await asked.then(() => assert.fail("it was answered"), (error: unknown) => error);
}

test("a request is what the API expects", async () => {
  const { sotto, asked } = script([answer({ data: [], next: null })]);
  await sotto.listConversations({ team: ["a b", "c&d"], min_score: 0, agent: undefined });
  assert.equal(asked[0]?.url, "https://api.test/v1/conversations?team=a+b&team=c%26d&min_score=0");
  assert.equal(asked[0]?.headers.get("authorization"), "Bearer k");
  assert.equal(asked[0]?.headers.get("sotto-version"), VERSION);
  assert.equal(asked[0]?.headers.get("idempotency-key"), null);
  assert.equal(asked[0]?.body, null);
});

test("an id stays one step of the address", async () => {
  const { sotto, asked } = script([answer({})]);
  await sotto.getContact("c1?x#y%2F");
  assert.equal(asked[0]?.url, "https://api.test/v1/contacts/c1%3Fx%23y%252F");
  for (const id of ["", ".", "..", "c1/summary"]) assert.throws(() => { void sotto.getContact(id); }, TypeError);
  assert.equal(asked.length, 1);
});

test("a write is sent again with the key that it had, another write with another", async () => {
  const { sotto, asked } = script([lost, answer({}), answer({}), answer({})]);
  await sotto.askErasure(PERSON);
  await sotto.askErasure(PERSON);
  await sotto.askErasure(PERSON, { idempotencyKey: "mine" });
  const keys = asked.map((each) => each.headers.get("idempotency-key"));
  assert.match(keys[0] ?? "", /^[\x21-\x7e]{16,128}$/);
  assert.equal(keys[1], keys[0]);
  assert.notEqual(keys[2], keys[0]);
  assert.equal(keys[3], "mine");
  assert.equal(asked[0]?.body, JSON.stringify(PERSON));
});

test("without Web Crypto writes have keys too", async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  try {
    const { sotto, asked } = script([answer({})]);
    await sotto.askErasure(PERSON);
    assert.match(asked[0]?.headers.get("idempotency-key") ?? "", /^[a-z0-9]{16,}$/);
  } finally {
    Object.defineProperty(globalThis, "crypto", own ?? {});
  }
});

test("who is asked to wait waits", async () => {
  const date = new Date(Date.now() + 50_000).toUTCString();
  const { sotto, waits } = script([
    refused("too-many-requests", 429, { "Retry-After": "7" }), answer("", 503), refused("unavailable", 503, { "Retry-After": date }),
    answer({}),
  ]);
  await sotto.getBook();
  assert.ok((waits[0] ?? 0) >= 7_000 && (waits[0] ?? 0) < 8_000);
  assert.ok((waits[1] ?? 0) > 0 && (waits[1] ?? 0) <= 1_000);
  assert.ok((waits[2] ?? 0) > 2_000 && (waits[2] ?? 0) <= 50_000);
});

test("a longer wait than anybody has is the caller's matter", async () => {
  const { sotto, asked } = script([refused("unavailable", 503, { "Retry-After": "3600" })]);
  const error = await failure(sotto.getBook());
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.retryAfterMs, asked.length], [3_600_000, 1]);
});

test("a Retry-After that is neither seconds nor a date is none", async () => {
  const { sotto, waits } = script([answer("", 503, { "Retry-After": "soon" }), answer({})]);
  await sotto.getBook();
  assert.ok((waits[0] ?? 0) < 1_000);
});

test("the same write under way is waited for", async () => {
  const { sotto, asked } = script([refused("under-way", 409, { "Retry-After": "1" }), answer({ id: "e1" })]);
  assert.equal((await sotto.askErasure(PERSON)).id, "e1");
  assert.equal(asked.length, 2);
});

test("it gives up after four tries", async () => {
  const down = script([answer("<html>", 503)]);
  const error = await failure(down.sotto.getBook());
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.type, error.detail, error.errors, down.asked.length], [503, "", "", [], 4]);
  const gone = script([lost]);
  const none = await failure(gone.sotto.getBook());
  assert.ok(none instanceof ConnectionError && none.cause instanceof TypeError);
  assert.equal(gone.asked.length, 4);
});

test("what no waiting mends is asked once", async () => {
  for (const [type, status] of [["not-accepted", 422], ["changed-meanwhile", 409], ["", 500], ["", 302]] as const) {
    const { sotto, asked } = script([refused(type, status)]);
    const error = await failure(sotto.getBook());
    assert.ok(error instanceof ApiError && error instanceof SottoError);
    assert.deepEqual([error.status, error.type, error.message, asked.length], [status, type, `${status}: Do this.`, 1]);
  }
});

test("an answer that is no JSON is an error, and one of nothing is null", async () => {
  const error = await failure(script([answer("<html>")]).sotto.getBook());
  assert.ok(error instanceof ApiError && error.status === 200);
  assert.equal(await script([answer("")]).sotto.getBook(), null);
});

test("a try that takes too long is ended and made again", async () => {
  // Read without a turn of the event loop, in which the time could be over on a busy machine.
  const atOnce = () => Object.assign(new Response(), { text: () => Promise.resolve('{"name":"b"}') });
  const { sotto, asked } = script([silent, atOnce], 1);
  assert.deepEqual(await sotto.getBook(), { name: "b" });
  assert.equal(asked.length, 2);
  const error = await failure(script([silent], 1).sotto.getBook());
  assert.ok(error instanceof TimeoutError && error instanceof ConnectionError);
});

test("a body that does not come to its end takes too long too", async () => {
  const stuck = () => new Response(new ReadableStream({ start: (controller) => { controller.enqueue(new Uint8Array([123])); } }));
  const cut = (init: RequestInit) => {
    const response = stuck();
    init.signal?.addEventListener("abort", () => { void response.body?.cancel().catch(() => undefined); });
    return new Response(response.body?.pipeThrough(new TransformStream(), init.signal ? { signal: init.signal } : {}));
  };
  const error = await failure(script([cut], 1).sotto.getBook());
  assert.ok(error instanceof TimeoutError);
});

test("a signal ends a request, its waits and its tries, with its own reason", async () => {
  const reason = new Error("left the page");
  const early = script([answer({})]);
  assert.equal(await failure(early.sotto.getBook({ signal: AbortSignal.abort(reason) })), reason);
  assert.equal(early.asked.length, 0);

  const during = new AbortController();
  const { sotto, asked } = script([(init) => { queueMicrotask(() => { during.abort(reason); }); return silent(init); }]);
  assert.equal(await failure(sotto.getBook({ signal: during.signal })), reason);
  assert.equal(asked.length, 1);

  const waiting = new AbortController();
  const real = new Sotto("https://api.test", "k", {
    fetch: () => { setImmediate(() => { waiting.abort(reason); }); return Promise.resolve(new Response("", { status: 503, headers: { "Retry-After": "60" } })); },
  });
  assert.equal(await failure(real.getBook({ signal: waiting.signal })), reason);
});

test("pages are asked for when they are wanted", async () => {
  const contact = (id: string) => ({ conversation_id: id });
  const { sotto, asked } = script([answer({ data: [contact("a"), contact("b")], next: "n&1" }), answer({ data: [], next: "n2" }), answer({ data: [contact("c")], next: null })]);
  const found: string[] = [];
  for await (const each of sotto.iterateConversations({ limit: 2 })) {
    found.push(each.conversation_id);
    if (found.length === 2) assert.equal(asked.length, 1);
  }
  assert.deepEqual(found, ["a", "b", "c"]);
  assert.deepEqual(asked.map((each) => new URL(each.url).search), ["?limit=2", "?limit=2&cursor=n%261", "?limit=2&cursor=n2"]);
});

test("a client that cannot work is none, and its error shows no key", () => {
  assert.throws(() => new Sotto("api.example.com", "k"), TypeError);
  for (const key of ["", "a b", "secret\n", "schlüssel"]) {
    assert.throws(() => new Sotto("https://api.test", key), (error) => error instanceof TypeError && !error.message.includes(key || "Bearer"));
  }
});

test("wrong calls do not compile", () => {
  const { sotto } = script([answer({})]);
  const never = () => {
    // @ts-expect-error a person has a kind
    void sotto.askErasure({ person: { value: "c1" } });
    // @ts-expect-error there is no such channel
    void sotto.listConversations({ channel: ["fax"] });
    // @ts-expect-error a page's cursor is the iterator's matter
    void sotto.iterateConversations({ cursor: "n" });
    // @ts-expect-error a period has an end
    void sotto.listAuditEntries({ since_ms: 1 });
    // @ts-expect-error there is no such field
    void sotto.getContact("c1").then((contact) => contact.phone);
  };
  assert.equal(typeof never, "function");
});
