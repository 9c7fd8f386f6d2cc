import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Requests } from "@sotto/realtime";
import { CopyButton } from "@sotto/ui";
import { useMemo, useState } from "react";
import { PeriodField } from "../figures/PeriodField";
import { useCatalogue, valuesOf } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { go, replace } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { keepReports, keptReports } from "./keptReports";
import "./ReportsPage.css";
import { type ReportView, formOfTile, reportHref, reportViewOf, tilesOf } from "./reportView";
import { TileBox } from "./TileBox";

/** Dashboards of tiles, all over the same days and teams. */
export function ReportsPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t } = useWording();
  const [now] = useState(() => Date.now());
  const [kept, setKept] = useState(keptReports);
  const view = useMemo(() => reportViewOf(route.query), [route]);
  const catalogue = useCatalogue(graphql);
  const tiles = tilesOf(view, kept);
  const change = (part: Partial<ReportView>) => replace(reportHref({ ...view, ...part }));
  const keep = (next: typeof kept) => {
    setKept(next);
    keepReports(next);
  };
  const isKept = kept.some((each) => each.name === view.name) && view.tiles.length === 0;
  const remove = (query: string) => keep(kept.map((each) => (each.name === view.name ? { ...each, tiles: each.tiles.filter((tile) => tile.query !== query) } : each)));
  const title = view.name !== "" ? view.name : t.reports.overview;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.reports.description}
          actions={
            <span className="no-print">
              <SpaceBetween direction="horizontal" size="xs">
                <ButtonDropdown
                  items={[
                    { id: "open/", text: t.reports.overview },
                    ...kept.map((each) => ({ id: `open/${each.name}`, text: each.name })),
                    ...(isKept ? [{ id: "forget", text: t.reports.forget }] : []),
                  ]}
                  onItemClick={({ detail: { id } }) => {
                    if (id !== "forget") return go(reportHref({ ...view, name: id.slice("open/".length), tiles: [] }));
                    keep(kept.filter((each) => each.name !== view.name));
                    return go(hrefOf(["reports"]));
                  }}
                >
                  {t.reports.reports}
                </ButtonDropdown>
                <CopyButton text={() => new URL(reportHref({ ...view, tiles }), location.href).href} label={t.conversation.copyLink} copiedLabel={t.conversation.copied} />
                <Button iconName="file" onClick={() => window.print()}>
                  {t.reports.print}
                </Button>
              </SpaceBetween>
            </span>
          }
        >
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <div className="report-filters">
          <FormField label={t.figures.period}>
            <PeriodField period={view.period} onChange={(period) => change({ period })} />
          </FormField>
          <FormField label={t.team}>
            <Multiselect
              selectedOptions={view.teams.map((value) => ({ value, label: value }))}
              options={valuesOf(catalogue, "team").map((value) => ({ value, label: value }))}
              placeholder={t.reports.allTeams}
              empty={t.reports.noTeams}
              onChange={({ detail }) => change({ teams: detail.selectedOptions.map(({ value }) => value ?? "") })}
            />
          </FormField>
        </div>
        {tiles.length === 0 ? (
          <Empty title={t.reports.empty} text={t.reports.emptyText} action={t.reports.toAnalyst} href={hrefOf(["analyst"])} />
        ) : (
          <div className="tiles">
            {tiles.map((tile) => {
              const form = formOfTile(tile, view);
              return form && <TileBox key={tile.query} graphql={graphql} form={form} title={tile.title} now={now} onRemove={isKept ? () => remove(tile.query) : undefined} />;
            })}
          </div>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
