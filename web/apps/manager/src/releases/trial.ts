import type { TrialArm } from "@sotto/api";

/** null: nothing was shown, so there is no share. */
export const shareOf = (some: number, all: number): number | null => (all === 0 ? null : some / all);

export const usedOf = ({ used, shown }: TrialArm) => shareOf(used, shown);

/** Points of a hundred, with their sign; null where too little was shown to say it. */
export function points(difference: number | null, locale: string): string | null {
  return difference === null ? null : new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(difference * 100);
}
