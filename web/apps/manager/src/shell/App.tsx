import { I18nProvider, type I18nProviderProps } from "@cloudscape-design/components/i18n";
import { type Appearance, applyAppearance, localeFor, palette, usePreference } from "@sotto/ui";
import { useEffect, useMemo, useState } from "react";
import { LANGUAGES, type Language, type Wording, WordingContext, browserLanguage } from "../messages";
import type { Started } from "../start";
import { componentTexts } from "./componentTexts";
import { Shell } from "./Shell";

export interface Preferences {
  readonly appearance: Appearance;
  readonly language: Language;
}

export function App({ started }: { started: Started }) {
  const [appearance, setAppearance] = usePreference<Appearance>("appearance", ["system", "light", "dark"], "system");
  const [language, setLanguage] = usePreference<Language>("language", ["en", "de"], browserLanguage());
  const [texts, setTexts] = useState<I18nProviderProps.Messages | null>(null);
  useEffect(() => applyAppearance(appearance), [appearance]);
  useEffect(() => {
    document.documentElement.lang = language;
    let isWanted = true;
    void componentTexts(language).then((loaded) => isWanted && setTexts(loaded));
    return () => {
      isWanted = false;
    };
  }, [language]);
  const wording: Wording = useMemo(() => ({ t: LANGUAGES[language], locale: localeFor(language, navigator.languages) }), [language]);
  const change = (part: Partial<Preferences>) => {
    if (part.appearance) setAppearance(part.appearance);
    if (part.language) setLanguage(part.language);
  };
  if (texts === null) return null;
  return (
    <I18nProvider locale={language} messages={[texts]}>
      <WordingContext.Provider value={wording}>
        <div className="page" style={palette}>
          <Shell started={started} preferences={{ appearance, language }} onPreferences={change} />
        </div>
      </WordingContext.Provider>
    </I18nProvider>
  );
}
