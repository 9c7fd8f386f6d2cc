/** Where the user is, with everything that can be seen there: the hash of the address, so that no server need know the pages. */
export interface Route {
  /** `["conversations", "7c1f"]` for `#/conversations/7c1f` */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function routeOf(hash: string): Route {
  const [path, query] = split(hash.replace(/^#/, ""));
  return { path: path.split("/").filter((part) => part !== "").map(decoded), query: new URLSearchParams(query) };
}

function split(address: string): readonly [string, string] {
  const mark = address.indexOf("?");
  return mark < 0 ? [address, ""] : [address.slice(0, mark), address.slice(mark + 1)];
}

/** An address that somebody mistyped is still an address. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What is null or empty is not in the address: the plain page has the plain address. */
export type Query = Readonly<Record<string, string | null>>;

export function hrefOf(path: readonly string[], query: Query = {}): string {
  return addressOf(path, new URLSearchParams(), query);
}

/** The same page with some of its query changed. */
export function refined(route: Route, part: Query): string {
  return addressOf(route.path, route.query, part);
}

function addressOf(path: readonly string[], query: URLSearchParams, part: Query): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(part)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  const asked = next.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${asked === "" ? "" : `?${asked}`}`;
}
