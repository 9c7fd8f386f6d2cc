/** The client against the API's function, over HTTP. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, Sotto, type Settings } from "sotto-api";

const { SOTTO_URL = "", ANALYST_KEY = "", ADMIN_KEY = "", OFFICER_KEY = "" } = process.env;
// A busy machine is no reason to fail.
const opened = (key: string, settings: Settings = {}) => new Sotto(SOTTO_URL, key, { timeoutMs: 300_000, ...settings });

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of pages) found.push(each);
  return found;
}

async function refusal(asked: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await asked.then(() => assert.fail("it was answered"), (reason: unknown) => reason);
  assert.ok(error instanceof ApiError, String(error));
  return error;
}

test("calls are read and lists go on by themselves", async () => {
  const sotto = opened(ANALYST_KEY);
  assert.equal((await sotto.getContact("c1")).agent, "emma");
  assert.deepEqual((await all(sotto.iterateTranscript("c1", { limit: 1 }))).map((each) => each.text), ["I want to leave."]);
  const conversations = await all(sotto.iterateConversations({ team: ["service"], channel: ["voice"] }));
  assert.deepEqual(conversations.map((each) => each.conversation_id), ["c1"]);
  assert.deepEqual((await sotto.searchMoments({ text: "leave", limit: 5 })).data, []);
});

test("a refusal says what is wrong", async () => {
  const sotto = opened(ANALYST_KEY);
  const missing = await refusal(sotto.getContact("nobody"));
  assert.deepEqual([missing.status, missing.type], [404, "not-found"]);
  assert.equal((await refusal(sotto.listConversations({ limit: 0 }))).errors[0]?.field, "query.limit");
  assert.equal((await refusal(sotto.listApiKeys())).status, 403);
  assert.equal((await refusal(opened("sotto_live_none").getBook())).status, 401);
  // What is no id, and would be another address if it were decoded twice or not encoded.
  for (const id of ["c1?limit=1", "c1%2Fsummary", "c1#", "c1\n"]) assert.ok((await refusal(sotto.getContact(id))).status >= 400, id);
});

test("a write whose answer is lost is done once", async () => {
  let lost = 2;
  let asked = 0;
  const losing: typeof fetch = async (input, init) => {
    asked += 1;
    const answer = await fetch(input, init);
    if (lost-- > 0) throw new TypeError("fetch failed", { cause: await answer.text() });
    return answer;
  };
  const admin = opened(ADMIN_KEY, { fetch: losing, sleep: async () => Promise.resolve() });
  const body = { url: "https://crm.example.com/typescript", types: ["summary.ready"], algorithm: "ed25519" } as const;
  // The answer holds a secret that is shown once, so the write done before is all that can be learned of it.
  const error = await refusal(admin.createWebhook({ ...body, types: [...body.types] }));
  assert.deepEqual([error.type, asked], ["shown-once", 3]);
  const { data } = await opened(ADMIN_KEY).listWebhooks();
  assert.equal(data.filter((each) => each.url === body.url).length, 1);
});

test("the same key of one's own finds the same record", async () => {
  const officer = opened(OFFICER_KEY);
  const person = { kind: "contact", value: "c1" } as const;
  const first = await officer.askErasure({ person }, { idempotencyKey: "typescript-1" });
  const again = await officer.askErasure({ person }, { idempotencyKey: "typescript-1" });
  assert.equal(again.id, first.id);
  const other = await refusal(officer.askErasure({ person: { kind: "contact", value: "c2" } }, { idempotencyKey: "typescript-1" }));
  assert.ok(other.status >= 400);
});
