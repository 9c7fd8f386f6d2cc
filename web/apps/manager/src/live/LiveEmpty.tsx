import type { LiveContactsView } from "@sotto/realtime";
import { useWording } from "../messages";
import { Empty } from "../table/Empty";

interface Props {
  state: LiveContactsView["state"];
  /** There are calls, and the filter hides them. */
  isFiltered: boolean;
  onClear: () => void;
}

export function LiveEmpty({ state, isFiltered, onClear }: Props) {
  const { t } = useWording();
  if (state === "refused") return <Empty title={t.live.refused} text={t.live.refusedText} />;
  if (isFiltered) return <Empty title={t.live.filtered} text={t.live.filteredText} action={t.clearFilter} onAction={onClear} />;
  return <Empty title={t.live.quiet} text={t.live.quietText} />;
}
