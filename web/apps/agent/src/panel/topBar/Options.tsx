import Button from "@cloudscape-design/components/button";
import type { Appearance } from "@sotto/ui";
import { LANGUAGES, type Language, useWording } from "../../messages";
import { KEYS } from "../keys";
import "./Options.css";

export interface Preferences {
  readonly appearance: Appearance;
  readonly language: Language;
  readonly keysOn: boolean;
}

interface Props {
  preferences: Preferences;
  onChange: (part: Partial<Preferences>) => void;
  onClose: () => void;
}

const LANGUAGE_NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };

/** Opens between the bar and the content and pushes it down: nothing is covered. */
export function Options({ preferences, onChange, onClose }: Props) {
  const { t } = useWording();
  return (
    <section className="options" aria-label={t.options} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div className="choosers">
        <label>
          {t.appearance}
          <select value={preferences.appearance} onChange={(event) => onChange({ appearance: event.target.value as Appearance })}>
            {(["system", "light", "dark"] as const).map((name) => (
              <option key={name} value={name}>
                {t.appearances[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.language}
          <select value={preferences.language} onChange={(event) => onChange({ language: event.target.value as Language })}>
            {(Object.keys(LANGUAGES) as Language[]).map((name) => (
              <option key={name} value={name} lang={name}>
                {LANGUAGE_NAMES[name]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="check">
        <input type="checkbox" checked={preferences.keysOn} onChange={(event) => onChange({ keysOn: event.target.checked })} /> {t.shortcutsOn}
      </label>
      <dl className="keys" aria-label={t.shortcuts}>
        {(Object.keys(KEYS) as (keyof typeof KEYS)[]).map((action) => (
          <div key={action}>
            <dt>
              <kbd>{KEYS[action]}</kbd>
            </dt>
            <dd>{t.shortcutList[action]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>2</kbd>–<kbd>9</kbd>
          </dt>
          <dd>{t.shortcutList.open}</dd>
        </div>
      </dl>
      <Button onClick={onClose}>{t.close}</Button>
    </section>
  );
}
