import Alert from "@cloudscape-design/components/alert";
import type { ServiceStatus } from "@sotto/call";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";

/** Why what is seen may not be all: a lost line, a language that nobody knows, a part of the service that is late. */
export function ServiceNotice({ status }: { status: ServiceStatus }) {
  const { t } = useWording();
  const { state, reason } = status;
  if (reason === undefined) return null;
  const { connection, language, other } = t.conversation.notice;
  return (
    <Alert type="warning" header={t.conversation.status[state]}>
      {reason === "connection" ? connection : reason === "language" ? language : fill(other, { reason })}
    </Alert>
  );
}
