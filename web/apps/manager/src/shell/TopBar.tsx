import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import type { Appearance } from "@sotto/ui";
import { LANGUAGES, type Language, useWording } from "../messages";
import { hrefOf } from "../routes/route";
import type { Preferences } from "./App";

interface Props {
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
}

const LANGUAGE_NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };
const APPEARANCES: readonly Appearance[] = ["system", "light", "dark"];

export function TopBar({ preferences, onPreferences }: Props) {
  const { t } = useWording();
  const chosen = (isChosen: boolean) => (isChosen ? ({ iconName: "check" } as const) : {});
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: "menu-dropdown",
      iconName: "settings",
      ariaLabel: t.settings,
      title: t.settings,
      items: [
        { text: t.appearance, items: APPEARANCES.map((id) => ({ id, text: t.appearances[id], ...chosen(preferences.appearance === id) })) },
        { text: t.language, items: (Object.keys(LANGUAGES) as Language[]).map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id, ...chosen(preferences.language === id) })) },
      ],
      onItemClick: ({ detail }) => onPreferences(detail.id in LANGUAGES ? { language: detail.id as Language } : { appearance: detail.id as Appearance }),
    },
  ];
  return (
    <div id="top">
      <TopNavigation identity={{ href: hrefOf(["live"]), title: t.appName }} utilities={utilities} />
    </div>
  );
}
