import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { plural } from "@sotto/ui";
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
  return (
    <div className="live-filter">
      <TextFilter
        filteringText={view.text}
        filteringPlaceholder={t.live.filter}
        filteringAriaLabel={t.live.filter}
        countText={plural(t.live.shown, count, locale)}
        onChange={({ detail }) => onChange({ text: detail.filteringText })}
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
