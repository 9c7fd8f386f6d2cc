/** Plays answers, one a try, and remembers what was asked. */

import { Sotto } from "sotto-api";

export type Play = (init: RequestInit) => Response | Promise<Response>;

export interface Script {
  sotto: Sotto;
  asked: { url: string; method: string; headers: Headers; body: string | null }[];
  waits: number[];
}

export function script(answers: Play[], timeoutMs = 600_000): Script {
  const asked: Script["asked"] = [];
  const waits: number[] = [];
  const sotto = new Sotto("https://api.test/", "k", {
    timeoutMs,
    fetch: async (url, init = {}) => {
      const play = answers[asked.length] ?? answers.at(-1);
      asked.push({
        url: String(url),
        method: init.method ?? "",
        headers: new Headers(init.headers),
        body: typeof init.body === "string" ? init.body : null,
      });
      if (play === undefined) throw new Error("nothing to play");
      return await play(init);
    },
    sleep: async (ms, signal) => {
      waits.push(ms);
      await Promise.resolve();
      signal?.throwIfAborted();
    },
  });
  return { sotto, asked, waits };
}

export function answer(body: unknown, status = 200, headers: Record<string, string> = {}): Play {
  return () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

export const lost: Play = () => {
  throw new TypeError("fetch failed");
};

/** Answers never, and ends with the signal, as fetch does. */
export const silent: Play = ({ signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => { reject(signal.reason as Error); });
  });
