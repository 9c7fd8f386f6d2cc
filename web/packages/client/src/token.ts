import { type Fetch, type TokenSource, fixedToken } from "@sotto/api";
import { type Clock, RefreshedToken } from "@sotto/realtime";
import type { Config } from "./config";

export function tokenSource(config: Config, fetch: Fetch, clock: Clock): TokenSource {
  const { tokenUrl, agent, tenant } = config;
  if (tokenUrl === undefined) return fixedToken(config.token ?? "");
  const url = new URL(tokenUrl);
  if (agent) url.searchParams.set("agent", agent);
  if (tenant) url.searchParams.set("tenant", tenant);
  return new RefreshedToken(async () => {
    const response = await fetch(url.href, { cache: "no-store", credentials: "include" });
    if (!response.ok) throw new Error(`${tokenUrl}: the server answered ${response.status}`);
    const { token } = (await response.json()) as { token?: unknown };
    if (typeof token !== "string") throw new Error(`${tokenUrl}: the answer holds no token`);
    return token;
  }, clock);
}
