import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { ReleaseOfResult, TrialArm } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { points, shareOf, usedOf } from "./trial";

type TrialState = NonNullable<NonNullable<ReleaseOfResult["release"]>["trial"]>;
const INDICATOR = { WAIT: "pending", WIDEN: "success", ROLL_BACK: "error", STOP: "warning" } as const;

/** How a version on trial stands beside the live one. */
export function Trial({ trial }: { trial: TrialState }) {
  const { t, locale } = useWording();
  const share = (value: number | null) => (value === null ? t.none : percent(value, locale));
  const count = new Intl.NumberFormat(locale);
  const reasons = t.releases.reasons as Record<string, string | undefined>;
  const rows = [
    { id: "live", name: t.releases.live, arm: trial.live },
    { id: "candidate", name: t.releases.candidate, arm: trial.candidate },
  ];
  const figures: readonly { readonly id: string; readonly name: string; readonly of: (arm: TrialArm) => string }[] = [
    { id: "calls", name: t.releases.calls, of: ({ calls }) => count.format(calls) },
    { id: "shown", name: t.releases.shown, of: ({ shown }) => count.format(shown) },
    { id: "used", name: t.releases.used, of: (arm) => share(usedOf(arm)) },
    { id: "dismissed", name: t.releases.dismissed, of: (arm) => share(shareOf(arm.dismissed, arm.shown)) },
    { id: "failed", name: t.releases.failures, of: (arm) => share(shareOf(arm.failed, arm.asked)) },
  ];
  const difference = points(trial.difference, locale);
  const atLeast = points(trial.atLeast, locale);
  return (
    <Container
      header={
        <Header variant="h2" description={fill(t.releases.trialText, { shares: trial.shares.map((each) => `${each} %`).join(" → ") })}>
          {fill(t.releases.trial, { percent: trial.percent })}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <StatusIndicator type={INDICATOR[trial.step]}>{reasons[trial.why] ?? trial.why}</StatusIndicator>
        {rows.map(({ id, name, arm }) => (
          <ProgressBar
            key={id}
            value={100 * (usedOf(arm) ?? 0)}
            label={fill(t.releases.usedBy, { name })}
            description={fill(t.releases.usedOf, { used: count.format(arm.used), shown: count.format(arm.shown) })}
          />
        ))}
        <Box color="text-body-secondary">{difference === null || atLeast === null ? t.releases.tooLittle : fill(t.releases.difference, { difference, atLeast })}</Box>
        <Table
          variant="embedded"
          wrapLines
          items={figures}
          trackBy="id"
          ariaLabels={{ tableLabel: t.releases.beside }}
          columnDefinitions={[
            { id: "name", header: t.releases.figure, isRowHeader: true, cell: ({ name }) => name },
            { id: "live", header: t.releases.live, cell: ({ of }) => of(trial.live) },
            { id: "candidate", header: t.releases.candidate, cell: ({ of }) => of(trial.candidate) },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
