import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useWording } from "../messages";
import type { ScorecardAction } from "./scorecard";
import type { Outcome } from "./useAction";

interface Props {
  action: ScorecardAction;
  outcome: Outcome;
  /** How many answers are given, or questions chosen. */
  count: number;
  reason: string;
  onReason: (reason: string) => void;
  onSend: () => void;
  /** Of an appeal: nothing is changed by it. */
  onTurnDown: () => void;
  onCancel: () => void;
}

/** What is being done, what it means, and the buttons that end it. */
export function ActionBar({ action, outcome, count, reason, onReason, onSend, onTurnDown, onCancel }: Props) {
  const { t } = useWording();
  const isSending = outcome.state === "sending";
  return (
    <Alert type="info" header={t.scorecards.actions[action]}>
      <SpaceBetween size="s">
        <span>{t.scorecards.actionHints[action]}</span>
        {action === "appeal" && (
          <FormField label={t.scorecards.reason} stretch>
            <Textarea value={reason} rows={3} ariaLabel={t.scorecards.reason} onChange={({ detail }) => onReason(detail.value.slice(0, 1_000))} />
          </FormField>
        )}
        <div role="alert">
          {outcome.state === "refused" && <Alert type="error">{outcome.reason}</Alert>}
          {outcome.state === "failed" && <Alert type="error">{t.scorecards.notSent}</Alert>}
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={isSending} disabled={count === 0 || (action === "appeal" && reason.trim() === "")} onClick={onSend}>
            {t.scorecards.send[action]}
          </Button>
          {action === "decide" && (
            <Button loading={isSending} onClick={onTurnDown}>
              {t.scorecards.turnDown}
            </Button>
          )}
          <Button variant="link" disabled={isSending} onClick={onCancel}>
            {t.scorecards.cancel}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  );
}
