import { ApiError, ConnectionError, TimeoutError } from "./errors.js";

export const TRIES = 4;
export const LONGEST_WAIT_MS = 60_000;
const AGAIN: ReadonlySet<number> = new Set([429, 503]);
const UNDER_WAY = "under-way";

/** Of one request. */
export interface Options {
  /** Ends it, also while it waits to ask again; its reason is thrown. */
  signal?: AbortSignal | undefined;
  /** How long one try may take. */
  timeoutMs?: number | undefined;
  /** For a write that outlives this process: the same key and body are done once within 24 hours. */
  idempotencyKey?: string | undefined;
}

/** Of all requests of a client. */
export interface Settings {
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
  /** Waits before the next try; ends early, with the signal's reason, when the signal does. */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** `writes`: it is sent with an Idempotency-Key. */
export interface Sent {
  query?: object;
  body?: object;
  writes?: boolean;
}

interface Page<T> {
  data: T[];
  next: string | null;
}

interface Answer {
  response: Response;
  text: string;
}

/** What carries requests: tries, waits, times out, reads errors. */
export abstract class Carrier {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #fetch: typeof fetch;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;

  constructor(url: string, key: string, version: string, settings: Settings) {
    this.#url = new URL(url).href.replace(/\/+$/, "");
    this.#headers = { Authorization: `Bearer ${key}`, "Sotto-Version": version, Accept: "application/json" };
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new TypeError("key: an API key or a token, without spaces or line breaks");
    }
    this.#timeoutMs = settings.timeoutMs ?? 35_000;
    // Called with a window for `this`, or a browser refuses it.
    this.#fetch = settings.fetch ?? ((input, init) => fetch(input, init));
    this.#sleep = settings.sleep ?? sleep;
  }

  protected async ask<T>(method: string, path: string, sent: Sent, options: Options = {}): Promise<T> {
    const address = `${this.#url}${path}${search(sent.query)}`;
    const headers = new Headers(this.#headers);
    if (sent.body !== undefined) headers.set("Content-Type", "application/json");
    if (sent.writes) headers.set("Idempotency-Key", options.idempotencyKey ?? randomKey());
    // A redirect is an answer, not a place to take the key to.
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (sent.body !== undefined) init.body = JSON.stringify(sent.body);
    for (let number = 1; ; number++) {
      const answer = await this.#once(address, init, options).catch((error: unknown) => {
        if (number === TRIES || !(error instanceof ConnectionError)) throw error;
        return null;
      });
      let asked: number | null = null;
      if (answer !== null) {
        if (answer.response.ok) return read(answer) as T;
        const problem = problemOf(answer);
        asked = problem.retryAfterMs;
        const again = AGAIN.has(problem.status) || problem.type === UNDER_WAY;
        if (number === TRIES || !again || (asked ?? 0) > LONGEST_WAIT_MS) throw problem;
      }
      await this.#sleep(waitMs(number, asked), options.signal);
    }
  }

  /** All that a list holds, page by page as it is asked for. */
  protected async *pages<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await ask(cursor);
      yield* page.data;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  async #once(address: string, init: RequestInit, { signal, timeoutMs = this.#timeoutMs }: Options): Promise<Answer> {
    signal?.throwIfAborted();
    const ends = new AbortController();
    const timer = setTimeout(() => { ends.abort(); }, timeoutMs);
    const stop = () => { ends.abort(); };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const send = this.#fetch;
      const response = await send(address, { ...init, signal: ends.signal });
      return { response, text: await response.text() };
    } catch (error) {
      signal?.throwIfAborted();
      if (ends.signal.aborted) throw new TimeoutError(`no answer within ${timeoutMs} ms`, { cause: error });
      throw new ConnectionError("no answer came", { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}

/** One step of an address. Throws TypeError for what would lead to another one: API Gateway decodes `%2F` before it chooses a route. */
export function segment(id: string): string {
  if (/^\.{0,2}$|\//.test(id)) throw new TypeError("an id is empty, has a slash in it or is nothing but dots");
  return encodeURIComponent(id);
}

function search(query: object = {}): string {
  const named = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (each !== undefined && each !== null) named.append(name, String(each));
    }
  }
  const found = named.toString();
  return found && `?${found}`;
}

function read({ response, text }: Answer): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(response.status, { detail: "The answer is no JSON: something else answers at this address." });
  }
}

function problemOf({ response, text }: Answer): ApiError {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  const problem = typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  return new ApiError(response.status, problem, retryAfterMs(response.headers.get("Retry-After")));
}

/** Seconds or a date, RFC 9110. */
function retryAfterMs(asked: string | null): number | null {
  if (asked === null) return null;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function waitMs(number: number, askedMs: number | null): number {
  const own = 250 * 2 ** number * (0.5 + Math.random() / 2);
  return Math.max(own, askedMs ?? 0);
}

/** Unlike any other, which is all that is asked of it: Node 18 and pages without TLS have no `crypto.randomUUID`. */
function randomKey(): string {
  const found = (globalThis as { crypto?: Partial<Crypto> }).crypto?.randomUUID?.();
  return found ?? Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 10)).join("");
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => { clearTimeout(timer); reject(signal?.reason as Error); };
    const timer = setTimeout(() => { signal?.removeEventListener("abort", stop); resolve(); }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
