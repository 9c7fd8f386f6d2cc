import Input from "@cloudscape-design/components/input";
import type { LiveFilter } from "@sotto/call";
import { useWording } from "../../messages";
import "./LiveFilterBar.css";

interface Props {
  filter: LiveFilter;
  onFilter: (filter: LiveFilter) => void;
  showLastWords: boolean;
  onShowLastWords: (isShown: boolean) => void;
}

export function LiveFilterBar({ filter, onFilter, showLastWords, onShowLastWords }: Props) {
  const { t } = useWording();
  return (
    <form role="search" className="live-filter" onSubmit={(event) => event.preventDefault()}>
      <Input
        type="search"
        value={filter.text}
        placeholder={t.filterCalls}
        ariaLabel={t.filterCalls}
        clearAriaLabel={t.clearSearch}
        onChange={({ detail }) => onFilter({ ...filter, text: detail.value })}
      />
      <label>
        <input type="checkbox" checked={filter.onlyAtRisk} onChange={(event) => onFilter({ ...filter, onlyAtRisk: event.target.checked })} /> {t.onlyAtRisk}
      </label>
      <label title={t.lastWordsNoted}>
        <input type="checkbox" checked={showLastWords} onChange={(event) => onShowLastWords(event.target.checked)} /> {t.showLastWords}
        <span className="quiet fine-print"> {t.lastWordsNoted}</span>
      </label>
    </form>
  );
}
