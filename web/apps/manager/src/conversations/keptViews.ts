export interface KeptView {
  readonly name: string;
  /** Of the address. */
  readonly query: string;
}

const KEY = "sotto.views";

/** In this browser. What is not ours to read, or was written by another release, is none. */
export function keptViews(): readonly KeptView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is KeptView {
  return typeof value === "object" && value !== null && typeof (value as KeptView).name === "string" && typeof (value as KeptView).query === "string";
}

export function keepViews(views: readonly KeptView[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // Full or refused: the view is still on the screen, and in the address.
  }
}
