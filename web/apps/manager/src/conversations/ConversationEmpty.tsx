import { useWording } from "../messages";
import { Empty } from "../table/Empty";
import type { ListView } from "./conversationList";

interface Props {
  state: ListView["state"];
  reason: string;
  isFiltered: boolean;
  onRetry: () => void;
}

export function ConversationEmpty({ state, reason, isFiltered, onRetry }: Props) {
  const { t } = useWording();
  if (state === "refused") return <Empty title={t.conversations.refused} text={reason} />;
  if (state === "failed") return <Empty title={t.conversations.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={onRetry} />;
  if (isFiltered) return <Empty title={t.conversations.filtered} text={t.conversations.filteredText} />;
  return <Empty title={t.conversations.quiet} text={t.conversations.quietText} />;
}
