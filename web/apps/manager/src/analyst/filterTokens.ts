import type { FormFilter } from "../figures/figureForm";

interface Token {
  readonly propertyKey?: string;
  readonly operator: string;
  readonly value: unknown;
}

/** A token for each value. */
export function tokensOf(filters: readonly FormFilter[]): { propertyKey: string; operator: string; value: string }[] {
  return filters.flatMap(({ dimension, values, without }) => values.map((value) => ({ propertyKey: dimension, operator: without ? "!=" : "=", value })));
}

/** Of one dimension several values mean any of them: one filter with all. */
export function filtersOf(tokens: readonly Token[]): readonly FormFilter[] {
  const found = new Map<string, { dimension: string; values: string[]; without: boolean }>();
  for (const { propertyKey, operator, value } of tokens) {
    if (propertyKey === undefined || typeof value !== "string" || value === "") continue;
    const without = operator === "!=";
    const filter = found.get(`${propertyKey}${without}`) ?? { dimension: propertyKey, values: [], without };
    if (!filter.values.includes(value)) filter.values.push(value);
    found.set(`${propertyKey}${without}`, filter);
  }
  return [...found.values()];
}
