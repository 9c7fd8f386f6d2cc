import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import type { View } from "@sotto/call";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";

/** Until the conversation is here, and where it does not come. */
export function NoConversation({ view }: { view: View }) {
  const { t } = useWording();
  const { status } = view;
  if (status.state === "off") {
    return <Empty level="h1" title={t.conversation.refused} text={fill(t.conversation.refusedText, { reason: status.reason ?? "" })} action={t.toLiveCalls} href={hrefOf(["live"])} />;
  }
  if (view.isCaughtUp) return <Empty level="h1" title={t.conversation.unknown} text={t.conversation.unknownText} action={t.toLiveCalls} href={hrefOf(["live"])} />;
  return (
    <Box textAlign="center" padding="xxl">
      <span role="status">
        <Spinner /> {status.state === "offline" ? t.conversation.offline : t.conversation.loading}
      </span>
    </Box>
  );
}
