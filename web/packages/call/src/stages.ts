export interface Stage {
  /** The server's own name for it, such as `infer`. */
  readonly name: string;
  readonly ms: number;
}

/** What the server measured of an annotation's way, in the order given. */
export interface Measured {
  readonly stages: readonly Stage[];
  /** Unix epoch, milliseconds; null where the server did not say. */
  readonly decidedAt: number | null;
}

/** A point in time among the durations. */
const DECIDED_AT = "decided_at_ms";

/** From AWSJSON, which is text over AppSync and may be an object elsewhere; nothing where the server sent something else. */
export function measuredOf(json: unknown): Measured {
  const entries = Object.entries(contentOf(json)).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  const decided = entries.find(([name]) => name === DECIDED_AT);
  const stages = entries.filter(([name]) => !name.endsWith("_at_ms")).map(([name, ms]) => ({ name, ms }));
  return { stages, decidedAt: decided?.[1] ?? null };
}

function contentOf(json: unknown): object {
  try {
    const content: unknown = typeof json === "string" ? JSON.parse(json) : json;
    return content !== null && typeof content === "object" ? content : {};
  } catch {
    return {};
  }
}
