import { type Context, createContext, useContext } from "react";

/** An application's texts in the user's language. */
export interface Wording<Messages> {
  readonly t: Messages;
  /** The user's own locale, for numbers and times. */
  readonly locale: string;
}

/** The texts for everything below the provider, and the hook that reads them. */
export function createWording<Messages>(initial: Wording<Messages>): readonly [Context<Wording<Messages>>, () => Wording<Messages>] {
  const context = createContext(initial);
  return [context, () => useContext(context)];
}

/** The first of the browser's languages that there are texts for. */
export function chooseLanguage<Language extends string>(preferred: readonly string[], available: readonly Language[], fallback: Language): Language {
  const tags = preferred.map((tag) => tag.slice(0, 2).toLowerCase());
  return tags.map((tag) => available.find((language) => language === tag)).find((language) => language !== undefined) ?? fallback;
}

/** The user's own region where it speaks this language, for numbers and times. */
export function localeFor(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
}

/** `fill("{done} of {total}", {done: 1, total: 3})` */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** The form that the language has for this number; one or other is all that the panel's languages need. */
export function plural(forms: Plural, count: number, locale: string, values: Record<string, string | number> = { count }): string {
  return fill(new Intl.PluralRules(locale).select(count) === "one" ? forms.one : forms.other, values);
}

/** Call time as m:ss. */
export function callTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function percent(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
