import type { DriftResult } from "@sotto/api";

export type Found = DriftResult["drift"];
export type Look = Found["looked"][number];

export const DAYS = [1, 3, 7, 14, 28] as const;
export const USUAL_DAYS = 7;

/** Days in an address; those that nobody offers are the usual ones. */
export function daysOf(written: string | null): number {
  return DAYS.find((each) => String(each) === written) ?? USUAL_DAYS;
}

/** One in how many windows it is by chance where nothing has changed; beyond a million nobody tells numbers apart. */
export function oneIn(chance: number, locale: string): string {
  const most = 1_000_000;
  const count = chance <= 0 ? most : Math.min(most, Math.round(1 / chance));
  const written = new Intl.NumberFormat(locale).format(count);
  return count === most ? `> ${written}` : written;
}
