import { createContext, useContext } from "react";
import { de } from "./de";
import { type Messages, en } from "./en";

export const LANGUAGES = { en, de } as const;
export type Language = keyof typeof LANGUAGES;

/** The first of the browser's languages that there are texts for. */
export function chooseLanguage(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES);
  return (found as Language | undefined) ?? "en";
}

/** `fill("{done} of {total}", {done: 1, total: 3})` */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The same texts for someone who looks on: "you" is nobody here. */
export function lookingOn(t: Messages): Messages {
  return { ...t, ...t.lookingOn, standing: { ...t.standing, waiting: t.liveCalls }, announceReply: "" };
}

export interface Wording {
  readonly t: Messages;
  /** The user's own locale, for numbers and times. */
  readonly locale: string;
}

export const WordingContext = createContext<Wording>({ t: en, locale: "en" });
export const useWording = (): Wording => useContext(WordingContext);

/** Call time as m:ss. */
export function callTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function percent(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
