import { type Appearance, applyAppearance, localeFor, palette, usePreference } from "@sotto/ui";
import { useEffect, useMemo } from "react";
import { LANGUAGES, type Language, type Wording, WordingContext, browserLanguage } from "../messages";
import type { Started } from "../start";
import { Panel } from "./Panel";
import type { Preferences } from "./topBar/Options";

const clock = () => Date.now();

export function App({ session, isSupervisor, pastCalls, chats, shared }: Started) {
  const [appearance, setAppearance] = usePreference<Appearance>("appearance", ["system", "light", "dark"], "system");
  const [language, setLanguage] = usePreference<Language>("language", ["en", "de"], browserLanguage());
  const [keys, setKeys] = usePreference<"on" | "off">("keys", ["on", "off"], "on");
  useEffect(() => applyAppearance(appearance), [appearance]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const wording: Wording = useMemo(() => ({ t: LANGUAGES[language], locale: localeFor(language, navigator.languages) }), [language]);
  const change = (part: Partial<Preferences>) => {
    if (part.appearance) setAppearance(part.appearance);
    if (part.language) setLanguage(part.language);
    if (part.keysOn !== undefined) setKeys(part.keysOn ? "on" : "off");
  };
  return (
    <WordingContext.Provider value={wording}>
      <div className="app" style={palette}>
        <Panel session={session} isSupervisor={isSupervisor} pastCalls={pastCalls} chats={chats} shared={shared} preferences={{ appearance, language, keysOn: keys === "on" }} onPreferences={change} clock={clock} />
      </div>
    </WordingContext.Provider>
  );
}
