import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { plural } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import "./LiveFilterBar.css";
import type { LiveView } from "./liveView";

interface Props {
  view: LiveView;
  /** How many calls fit. */
  count: number;
  onChange: (part: Partial<LiveView>) => void;
}

export function LiveFilterBar({ view, count, onChange }: Props) {
  const { t, locale } = useWording();
  // What is typed is seen at once, the list a moment later. What clears the filter from outside clears the field.
  const [typed, setTyped] = useState({ text: view.text, shown: view.text });
  if (view.text !== typed.shown) setTyped({ text: view.text === "" ? "" : typed.text, shown: view.text });
  return (
    <div className="live-filter">
      <TextFilter
        filteringText={typed.text}
        filteringPlaceholder={t.live.filter}
        filteringAriaLabel={t.live.filter}
        countText={plural(t.live.shown, count, locale)}
        onChange={({ detail }) => {
          setTyped({ ...typed, text: detail.filteringText });
          onChange({ text: detail.filteringText });
        }}
      />
      <Toggle checked={view.onlyAtRisk} onChange={({ detail }) => onChange({ onlyAtRisk: detail.checked })}>
        {t.live.onlyAtRisk}
      </Toggle>
      <Toggle checked={view.withLastWords} description={t.live.lastWordsNoted} onChange={({ detail }) => onChange({ withLastWords: detail.checked })}>
        {t.live.showLastWords}
      </Toggle>
    </div>
  );
}
