import type { GapGroupsResult, GapGroupOfResult, GapKind, GapState } from "@sotto/api";

export type Group = GapGroupsResult["gapGroups"][number];
export type GroupWithExamples = NonNullable<GapGroupOfResult["gapGroup"]>;
export type Example = NonNullable<GroupWithExamples["examples"]>[number];

export const KINDS = ["INTENT", "ARTICLE"] as const satisfies readonly GapKind[];
export const STATES = ["OPEN", "ACCEPTED", "MERGED", "IGNORED"] as const satisfies readonly GapState[];

/** As an address has it, and the first where it has none that is known. */
export const kindOf = (written: string | null | undefined): GapKind => KINDS.find((each) => each.toLowerCase() === written) ?? "INTENT";
export const stateOf = (written: string | null): GapState => STATES.find((each) => each.toLowerCase() === written) ?? "OPEN";

/** A name that may be one, of the most telling phrase. */
export function proposedName({ kind, phrases }: Group): string {
  const [first = ""] = phrases;
  if (kind === "ARTICLE") return first === "" ? "" : `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  return first.normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
}

/** What somebody who writes the article begins with: its title, and what was asked. */
export function draftOf(title: string, examples: readonly Example[]): string {
  return [`# ${title}`, "", ...examples.map(({ text }) => `- ${text.replace(/\s+/g, " ")}`), ""].join("\n");
}
