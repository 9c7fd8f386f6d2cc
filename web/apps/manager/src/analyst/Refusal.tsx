import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useWording } from "../messages";
import type { NoAnswer } from "./asking";

interface Props {
  reply: NoAnswer;
  onAsk: (question: string) => void;
}

/** Why a question has no answer, and what can be asked instead. */
export function Refusal({ reply, onAsk }: Props) {
  const { t } = useWording();
  if (reply.state === "failed") return <Alert type="error" header={t.figures.failed}>{t.conversations.failedText}</Alert>;
  if (reply.state === "refused") return <Alert type="error" header={t.figures.refused}>{reply.reason}</Alert>;
  const { reason, ask } = reply.refusal;
  const reasons: Readonly<Record<string, string>> = t.analyst.reasons;
  return (
    <div data-refused={reason}>
      <Alert type="warning" header={t.analyst.refused}>
        <SpaceBetween size="xs">
          <div>{reasons[reason] ?? reason}</div>
          <SpaceBetween direction="horizontal" size="xs">
            {ask.map((question) => (
              <Button key={question} onClick={() => onAsk(question)}>
                {question}
              </Button>
            ))}
          </SpaceBetween>
        </SpaceBetween>
      </Alert>
    </div>
  );
}
