import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { useWording } from "../messages";
import { Empty } from "./Empty";
import type { Answer } from "./useAnswer";

/** Instead of what is still to come, or does not come. */
export function NotLoaded({ answer, onRetry }: { answer: Exclude<Answer<unknown>, { state: "loaded" }>; onRetry: () => void }) {
  const { t } = useWording();
  if (answer.state === "refused") return <Empty title={t.scorecards.refused} text={answer.reason} />;
  if (answer.state === "failed") return <Empty title={t.conversations.failed} text={t.conversations.failedText} action={t.conversations.retry} onAction={onRetry} />;
  return (
    <Box textAlign="center" padding="xxl">
      <span role="status">
        <Spinner /> {t.scorecards.loading}
      </span>
    </Box>
  );
}
