import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { GapGroups } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { csvOf, saveText } from "../table/csv";
import { useAnswer } from "../table/useAnswer";
import { type Group, KINDS, STATES, kindOf, stateOf } from "./gaps";

const NONE = [] as const;

/** What no intent or no article is for, in groups. The address holds which, and in which state. */
export function GapsPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t, locale } = useWording();
  const kind = kindOf(route.query.get("kind"));
  const state = stateOf(route.query.get("state"));
  const [answer, again] = useAnswer(graphql, GapGroups, { kind, state });
  const rows: readonly Group[] = answer.state === "loaded" ? answer.data.gapGroups : NONE;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const name = ({ phrases }: Group) => (phrases.length > 0 ? phrases.join(", ") : t.gaps.unnamed);
  const near = (group: Group) => (group.nearest === null ? t.none : fill(t.gaps.near, { name: group.nearest.replaceAll("_", " "), share: percent(Math.max(0, group.near), locale) }));
  const stands = (group: Group) => (group.label === null ? t.gaps.states[group.state] : fill(t.gaps.became, { state: t.gaps.states[group.state], label: group.label }));
  const columns = [
    { title: t.gaps.group, value: name },
    { title: t.gaps.calls, value: ({ calls }: Group) => calls },
    { title: t.gaps.members[kind], value: ({ members }: Group) => members },
    { title: t.gaps.nearest[kind], value: near },
    { title: t.gaps.state, value: stands },
  ];
  const kinds = KINDS.map((each) => ({ value: each.toLowerCase(), label: t.gaps.titles[each] }));
  const states = STATES.map((each) => ({ value: each.toLowerCase(), label: t.gaps.states[each] }));
  return (
    <div data-gaps={answer.state}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy="id"
        items={rows}
        loading={answer.state === "loading"}
        loadingText={t.scorecards.loading}
        ariaLabels={{ tableLabel: t.gaps.titles[kind] }}
        empty={answer.state === "loaded" ? <Empty title={t.gaps.none[kind]} text={t.gaps.noneText[kind]} /> : <NotLoaded answer={answer} onRetry={again} />}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${rows.length})`}
            description={t.gaps.descriptions[kind]}
            actions={
              <Button iconName="download" disabled={rows.length === 0} onClick={() => saveText(`${kind.toLowerCase()}-gaps.csv`, csvOf(columns, rows))}>
                {t.gaps.csv}
              </Button>
            }
          >
            {t.gaps.titles[kind]}
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="s">
            <FormField label={t.gaps.kind}>
              <Select selectedOption={kinds.find(({ value }) => value === kind.toLowerCase()) ?? null} options={kinds} onChange={({ detail }) => refine({ kind: detail.selectedOption.value === "intent" ? null : (detail.selectedOption.value ?? null) })} />
            </FormField>
            <FormField label={t.gaps.show}>
              <Select selectedOption={states.find(({ value }) => value === state.toLowerCase()) ?? null} options={states} onChange={({ detail }) => refine({ state: detail.selectedOption.value === "open" ? null : (detail.selectedOption.value ?? null) })} />
            </FormField>
          </SpaceBetween>
        }
        columnDefinitions={[
          { id: "group", header: t.gaps.group, isRowHeader: true, minWidth: 180, cell: (group) => <Link href={hrefOf(["gaps", kind.toLowerCase(), group.id])}>{name(group)}</Link> },
          { id: "calls", header: t.gaps.calls, cell: ({ calls }) => calls },
          { id: "members", header: t.gaps.members[kind], cell: ({ members }) => members },
          { id: "nearest", header: t.gaps.nearest[kind], minWidth: 150, cell: near },
          { id: "state", header: t.gaps.state, minWidth: 120, cell: stands },
          { id: "made", header: t.gaps.made, minWidth: 170, cell: ({ madeAtMs }) => date.format(madeAtMs) },
        ]}
      />
    </div>
  );
}
