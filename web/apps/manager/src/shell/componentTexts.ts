import type { I18nProviderProps } from "@cloudscape-design/components/i18n";
import type { Language } from "../messages";

const TEXTS: Record<Language, () => Promise<{ default: I18nProviderProps.Messages }>> = {
  en: () => import("@cloudscape-design/components/i18n/messages/all.en"),
  de: () => import("@cloudscape-design/components/i18n/messages/all.de"),
};

/** What Cloudscape's own components say, in the user's language. */
export async function componentTexts(language: Language): Promise<I18nProviderProps.Messages> {
  return (await TEXTS[language]()).default;
}
