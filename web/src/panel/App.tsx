import { useEffect, useMemo } from "react";
import { LANGUAGES, type Language, type Wording, WordingContext, chooseLanguage, lookingOn } from "../messages";
import type { Started } from "../start";
import type { Preferences } from "./Options";
import { Panel } from "./Panel";
import { usePreference } from "./preferences";
import { type Appearance, applyAppearance, palette } from "./theme";

const clock = () => Date.now();

export function App({ session, supervision }: Started) {
  const [appearance, setAppearance] = usePreference<Appearance>("appearance", ["system", "light", "dark"], "system");
  const [language, setLanguage] = usePreference<Language>("language", ["en", "de"], chooseLanguage(navigator.languages));
  const [keys, setKeys] = usePreference<"on" | "off">("keys", ["on", "off"], "on");
  useEffect(() => applyAppearance(appearance), [appearance]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const wording: Wording = useMemo(() => {
    const t = LANGUAGES[language];
    return { t: supervision ? lookingOn(t) : t, locale: localeFor(language) };
  }, [language, supervision]);
  const change = (part: Partial<Preferences>) => {
    if (part.appearance) setAppearance(part.appearance);
    if (part.language) setLanguage(part.language);
    if (part.keysOn !== undefined) setKeys(part.keysOn ? "on" : "off");
  };
  return (
    <WordingContext.Provider value={wording}>
      <div className="app" style={palette}>
        <Panel session={session} supervision={supervision} preferences={{ appearance, language, keysOn: keys === "on" }} onPreferences={change} clock={clock} />
      </div>
    </WordingContext.Provider>
  );
}

/** The user's own region where it speaks this language, for numbers and times. */
function localeFor(language: Language): string {
  return navigator.languages.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
}
