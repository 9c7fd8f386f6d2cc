import { SottoError } from "./errors.js";

/** An event as a webhook brings it. `id` names the message: the same one may come more than once. */
export interface WebhookEvent {
  id: string;
  type: string;
  /** When it happened, ISO 8601. */
  timestamp: string;
  data: { contact_id: string; record: string; number: number };
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What came is not from Sotto, was changed on its way, or is too old: answer 400 and do nothing. */
export class WebhookRefused extends SottoError {
  override readonly name: string = "WebhookRefused";
}

interface Scheme {
  prefix: string;
  version: string;
  algorithm: HmacImportParams | Algorithm;
}

const SCHEMES: readonly Scheme[] = [
  { prefix: "whsec_", version: "v1", algorithm: { name: "HMAC", hash: "SHA-256" } },
  { prefix: "whpk_", version: "v1a", algorithm: { name: "Ed25519" } },
];

/**
 * The event, if it is signed by Standard Webhooks for `secret`: the `secret` that the API answered when the webhook
 * was made or its secret rotated. `body`: exactly as it came, not parsed and written again. By Web Crypto: Node 20 and later.
 *
 * Throws WebhookRefused, and TypeError where the secret is none.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
  { nowMs = Date.now(), toleranceMs = 300_000 }: { nowMs?: number; toleranceMs?: number } = {},
): Promise<WebhookEvent> {
  const [id, at, signed] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => header(headers, name));
  if (!id || !at || !signed) throw new WebhookRefused("webhook-id, webhook-timestamp or webhook-signature is missing");
  // Written so that what is no number is too old.
  if (!/^\d+$/.test(at) || !(Math.abs(nowMs - Number(at) * 1000) <= toleranceMs)) throw new WebhookRefused("webhook-timestamp is too old or too new");
  const { scheme, key } = await opened(secret);
  const content = joined(new TextEncoder().encode(`${id}.${at}.`), typeof body === "string" ? new TextEncoder().encode(body) : body);
  for (const each of signed.split(" ")) {
    const [version, text = ""] = each.split(",");
    const signature = version === scheme.version ? bytes(text) : null;
    if (signature !== null && (await crypto.subtle.verify(scheme.algorithm, key, signature, content))) return read(id, body);
  }
  throw new WebhookRefused("no signature is of this secret");
}

/** The secret decides the algorithm, never what came. */
async function opened(secret: string): Promise<{ scheme: Scheme; key: CryptoKey }> {
  const scheme = SCHEMES.find((each) => secret.startsWith(each.prefix));
  const raw = scheme && bytes(secret.slice(scheme.prefix.length));
  if (!scheme || raw?.length !== 32) throw new TypeError("secret: whsec_ or whpk_ and 32 bytes in base64");
  return { scheme, key: await crypto.subtle.importKey("raw", raw, scheme.algorithm, false, ["verify"]) };
}

function read(id: string, body: string | Uint8Array): WebhookEvent {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  return { id, ...(JSON.parse(text) as Omit<WebhookEvent, "id">) };
}

function header(headers: WebhookHeaders, wanted: string): string | null {
  if (headers instanceof Headers) return headers.get(wanted);
  const [, found] = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted) ?? [];
  return typeof found === "string" ? found : null;
}

function bytes(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  } catch {
    return null;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(first.length + second.length);
  found.set(first);
  found.set(second, first.length);
  return found;
}
