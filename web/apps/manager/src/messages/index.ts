import { type Wording as WordingOf, chooseLanguage, createWording } from "@sotto/ui";
import { de } from "./de";
import { type Messages, en } from "./en";

export const LANGUAGES = { en, de } as const;
export type Language = keyof typeof LANGUAGES;
export type Wording = WordingOf<Messages>;

export const [WordingContext, useWording] = createWording<Messages>({ t: en, locale: "en" });

export const browserLanguage = (): Language => chooseLanguage(navigator.languages, Object.keys(LANGUAGES) as Language[], "en");
