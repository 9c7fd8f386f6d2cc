import type { Fetch } from "@sotto/api";

/** Where the server is and who the user is; served beside the panel as /config.json. */
export interface Config {
  /** The way to the server; a deployment may serve both. */
  readonly channel: "appsync" | "websocket";
  /** These two for channel appsync, the third for channel websocket. */
  readonly graphqlUrl?: string;
  readonly realtimeUrl?: string;
  readonly websocketUrl?: string;
  /** Answers `{"token": "..."}` to GET with ?agent= and ?tenant=, and is asked again before the token expires. */
  readonly tokenUrl?: string;
  /** Instead of tokenUrl: a token for a short look. */
  readonly token?: string;
  readonly agent?: string;
  readonly tenant?: string;
  readonly host?: "standalone" | "workspace" | "ccp";
  /** Has the sample calls played again; only where the panel is a demonstration. */
  readonly playAgainUrl?: string;
  /** For host ccp: the instance's CCP address. */
  readonly ccpUrl?: string;
}

export class ConfigMistake extends Error {
  override name = "ConfigMistake";
}

export async function loadConfig(fetch: Fetch, page: URL): Promise<Config> {
  // With the page's own question, so that a server for development can answer for another agent or role.
  const response = await fetch(new URL(`config.json${page.search}`, page).href, { cache: "no-store" });
  if (!response.ok) throw new ConfigMistake(`config.json: the server answered ${response.status}`);
  let content: unknown;
  try {
    content = await response.json();
  } catch {
    throw new ConfigMistake("config.json: not JSON");
  }
  return configFrom(content, page);
}

/** Checks and completes: addresses may be relative to the page, and the query string may name another agent. */
export function configFrom(content: unknown, page: URL): Config {
  if (content === null || typeof content !== "object") throw new ConfigMistake("config.json: must be an object");
  const fields = content as Record<string, unknown>;
  const addresses = fields["channel"] === "websocket" ? websocketAddress(fields, page) : appsyncAddresses(fields, page);
  const tokenUrl = fields["tokenUrl"] === undefined ? undefined : address(fields, "tokenUrl", page);
  const playAgainUrl = fields["playAgainUrl"] === undefined ? undefined : address(fields, "playAgainUrl", page);
  const optional = pick(fields, ["token", "agent", "tenant", "host", "ccpUrl"]);
  if (tokenUrl === undefined && optional["token"] === undefined) throw new ConfigMistake("config.json: tokenUrl or token is missing");
  const agent = page.searchParams.get("agent");
  const host = page.searchParams.get("host");
  return {
    ...optional,
    ...addresses,
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...(playAgainUrl === undefined ? {} : { playAgainUrl }),
    ...(agent ? { agent } : {}),
    ...(isHost(host) ? { host } : {}),
  };
}

type Addresses = Pick<Config, "channel" | "graphqlUrl" | "realtimeUrl" | "websocketUrl">;

function appsyncAddresses(fields: Record<string, unknown>, page: URL): Addresses {
  if (fields["channel"] !== undefined && fields["channel"] !== "appsync") {
    throw new ConfigMistake("config.json: channel must be appsync or websocket");
  }
  const realtimeUrl = address(fields, "realtimeUrl", page).replace(/^http/, "ws");
  return { channel: "appsync", graphqlUrl: address(fields, "graphqlUrl", page), realtimeUrl };
}

function websocketAddress(fields: Record<string, unknown>, page: URL): Addresses {
  return { channel: "websocket", websocketUrl: address(fields, "websocketUrl", page).replace(/^http/, "ws") };
}

function isHost(name: string | null): name is "standalone" | "workspace" | "ccp" {
  return name === "standalone" || name === "workspace" || name === "ccp";
}

function address(fields: Record<string, unknown>, name: string, page: URL): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new ConfigMistake(`config.json: ${name} is missing`);
  try {
    return new URL(value, page).href;
  } catch {
    throw new ConfigMistake(`config.json: ${name} is no address: ${value}`);
  }
}

function pick(fields: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const found = names.filter((name) => typeof fields[name] === "string" && fields[name] !== "");
  return Object.fromEntries(found.map((name) => [name, fields[name] as string]));
}
