import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import type { Found } from "./drift";

type Proposal = Found["proposals"][number];
/** Where what is proposed can be done. */
const PLACES: Partial<Record<Proposal, readonly string[]>> = { NEW_INTENTS: ["gaps"], RETRAIN: ["examples"], LOOK: ["conversations"], ARTICLES: ["analyst"] };

/** What was found, in figures beside those of before, and what to do about it. */
export function Outcome({ found }: { found: Found }) {
  const { t, locale } = useWording();
  const share = (value: number | undefined) => (value === undefined ? t.none : percent(value, locale));
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const { before, now } = found;
  const pair = (of: (side: NonNullable<Found["now"]>) => number) => fill(t.drift.pair, { now: share(now ? of(now) : undefined), before: share(before ? of(before) : undefined) });
  return (
    <div data-alarm={String(found.isAlarm)}>
      <Container
        header={
          <Header variant="h2" description={now && before ? fill(t.drift.compared, { now: now.utterances, calls: now.calls, before: before.utterances, first: before.first, last: before.last }) : undefined}>
            {t.drift.found}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <StatusIndicator type={found.isAlarm ? "warning" : "success"}>{found.isAlarm ? t.drift.alarm : t.drift.asBefore}</StatusIndicator>
          {found.proposals.length > 0 && (
            <ul className="plain-list">
              {found.proposals.map((each) => (
                <li key={each}>
                  {PLACES[each] ? <Link href={hrefOf(PLACES[each])}>{t.drift.proposals[each]}</Link> : t.drift.proposals[each]}
                </li>
              ))}
            </ul>
          )}
          <KeyValuePairs
            columns={3}
            minColumnWidth={200}
            items={[
              { label: t.drift.accuracy, value: pair(({ accuracy }) => accuracy) },
              { label: t.drift.unanswered, value: pair(({ unanswered }) => unanswered) },
              { label: t.drift.unknown, value: share(found.unknown) },
              { label: t.drift.psi, value: number.format(found.psi) },
              { label: t.drift.divergence, value: number.format(found.divergence) },
              { label: t.drift.movedMass, value: number.format(found.movedMass) },
            ]}
          />
        </SpaceBetween>
      </Container>
    </div>
  );
}
