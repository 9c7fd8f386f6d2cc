export interface Stage {
  readonly name: string;
  readonly ms: number;
}

/** The stages of an item's way, in the order given; nothing where the server sent something else. */
export function stagesOf(json: string): readonly Stage[] {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return [];
  }
  if (content === null || typeof content !== "object") return [];
  return Object.entries(content)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, ms]) => ({ name: name.replace(/_/g, " "), ms }));
}
