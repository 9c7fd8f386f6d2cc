import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ScorecardAgreementResult } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useWording } from "../messages";

type Agreement = ScorecardAgreementResult["scorecardAgreement"]["questions"][number];

const INDICATOR = { RELEASED: "success", HELD: "warning", TOO_FEW: "pending" } as const;

/** Whether the machine may answer a question alone. */
export function Gate({ agreement }: { agreement: Agreement | null }) {
  const { t } = useWording();
  if (agreement === null) return <>{t.none}</>;
  return <StatusIndicator type={INDICATOR[agreement.decision]}>{fill(t.calibration.decisions[agreement.decision], { calls: agreement.calls })}</StatusIndicator>;
}
