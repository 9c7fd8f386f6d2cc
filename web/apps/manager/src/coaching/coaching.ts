import type { CoachingResult } from "@sotto/api";
import type { FormView } from "../figures/figureForm";
import type { Messages } from "../messages/en";

export type Standing = CoachingResult["coaching"]["standings"][number];
export type Effect = CoachingResult["coaching"]["effects"][number];

export interface CoachedAgent {
  readonly agent: string;
  readonly team: string | null;
  readonly standings: readonly Standing[];
  readonly gaps: number;
}

/** One entry for each agent of a team, those with most gaps first. */
export function agentsOf(standings: readonly Standing[]): readonly CoachedAgent[] {
  const groups = new Map<string, Standing[]>();
  for (const each of standings) {
    const key = `${each.team ?? ""}\u0000${each.agent}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()]
    .flatMap((own) => (own[0] ? [{ agent: own[0].agent, team: own[0].team, standings: own, gaps: own.filter(({ isGap }) => isGap).length }] : []))
    .sort((a, b) => b.gaps - a.gaps || a.agent.localeCompare(b.agent));
}

/** What an agent does, or leaves out, in words. */
export function behaviourText({ metric, name }: Pick<Standing, "metric" | "name">, t: Messages): string {
  const metrics: Readonly<Record<string, string>> = t.coaching.metrics;
  return `${name.replaceAll("_", " ")}: ${(metrics[metric] ?? metric).toLowerCase()}`;
}

/** What a metric's behaviours are named by, and the figure whose conversations show what is left out. */
const SHOWN_BY: Readonly<Record<string, { readonly dimension: string; readonly metric: string }>> = {
  checklist_adherence: { dimension: "item", metric: "checklist_adherence" },
  adoption_rate: { dimension: "action", metric: "ignored_rate" },
  full_marks_rate: { dimension: "question", metric: "full_marks_rate" },
};

/** The figure whose conversations show what is left out: an item not done, an action neither used nor dismissed, an answer without full marks. */
export function formOfGap({ metric, name, agent }: Standing, period: { readonly first: string; readonly last: string }): FormView {
  const shown = SHOWN_BY[metric] ?? { dimension: "action", metric };
  const filters = [
    { dimension: shown.dimension, values: [name], without: false },
    { dimension: "agent", values: [agent], without: false },
  ];
  return { metric: shown.metric, period, dimensions: [], filters, compare: "NOTHING", order: null, limit: null };
}
