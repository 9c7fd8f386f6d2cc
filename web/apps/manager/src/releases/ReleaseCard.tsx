import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { ReleaseOfResult } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { Empty } from "../table/Empty";

type Release = NonNullable<ReleaseOfResult["release"]>;
type Measured = NonNullable<Release["candidate"]>;

function GateResult({ gate: { name, passed, decides } }: { gate: Release["gates"][number] }) {
  const { t } = useWording();
  const gate = (t.releases.gateNames as Record<string, string | undefined>)[name] ?? name;
  if (passed) return <StatusIndicator>{gate}</StatusIndicator>;
  return <StatusIndicator type={decides ? "error" : "warning"}>{fill(t.releases.gateNot, { gate, result: decides ? t.releases.notPassed : t.releases.look })}</StatusIndicator>;
}

/** Everything that is known of a version before any call is answered by it, in plain words. */
export function ReleaseCard({ release }: { release: Release }) {
  const { t, locale } = useWording();
  const { candidate, live, gates } = release;
  if (!candidate) {
    return (
      <Container>
        <Empty title={t.releases.noCard} text={t.releases.noCardText} />
      </Container>
    );
  }
  const share = (value: number | null | undefined) => (value === null || value === undefined ? t.none : percent(value, locale));
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const written = (value: number | null | undefined, of = 1) => (value === null || value === undefined ? t.none : number.format(value / of));
  const figures: readonly { readonly id: string; readonly name: string; readonly of: (version: Measured | null) => string }[] = [
    { id: "right", name: t.releases.right, of: (version) => share(version?.accuracy) },
    { id: "calibration", name: t.releases.calibration, of: (version) => written(version?.calibrationError) },
    { id: "none", name: t.releases.noneShare, of: (version) => share(version?.noneShare) },
    { id: "latency", name: t.releases.latency, of: (version) => written(version?.latencyMs) },
    { id: "size", name: t.releases.size, of: (version) => written(version?.sizeBytes, 1024 ** 2) },
    ...candidate.slices.map(({ name }) => ({
      id: `slice ${name}`,
      name: fill(t.releases.slice, { slice: (t.releases.slices as Record<string, string | undefined>)[name] ?? name }),
      of: (version: Measured | null) => share(version?.slices.find((each) => each.name === name)?.accuracy),
    })),
  ];
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={fill(t.releases.learnedFrom, { learned: release.learned ?? 0, phrases: release.phrases ?? 0, judgedBy: release.judgedBy ?? 0 })}>
            {t.releases.card}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <StatusIndicator type={release.passed ? "success" : "error"}>{release.passed ? t.releases.cardPassed : t.releases.cardFailed}</StatusIndicator>
          <Table
            variant="embedded"
            wrapLines
            items={gates}
            trackBy="name"
            ariaLabels={{ tableLabel: t.releases.gates }}
            columnDefinitions={[
              { id: "name", header: t.releases.gate, isRowHeader: true, minWidth: 180, cell: (gate) => <GateResult gate={gate} /> },
              { id: "says", header: t.releases.says, cell: ({ says }) => says },
            ]}
          />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t.releases.beside}</Header>}>
        <Table
          variant="embedded"
          wrapLines
          items={figures}
          trackBy="id"
          ariaLabels={{ tableLabel: t.releases.beside }}
          footer={<Box color="text-body-secondary">{fill(t.releases.judged, { judgedBy: release.judgedBy ?? 0 })}</Box>}
          columnDefinitions={[
            { id: "name", header: t.releases.figure, isRowHeader: true, minWidth: 180, cell: ({ name }) => name },
            { id: "candidate", header: `${t.releases.candidate} ${candidate.version}`, cell: ({ of }) => of(candidate) },
            { id: "live", header: live ? `${t.releases.live} ${live.version}` : t.releases.noLive, cell: ({ of }) => of(live ?? null) },
          ]}
        />
      </Container>
    </SpaceBetween>
  );
}
