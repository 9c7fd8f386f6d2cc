import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { Playbook, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { NewDraft } from "./NewDraft";
import { RuleTree } from "./RuleTree";
import { AUTHORS } from "./roles";

const NOTHING = {};

/** What guides calls now, what somebody is writing, and how each card comes about. */
export function PlaybookPage({ graphql, token, route }: { graphql: Requests; token: TokenSource; route: Route }) {
  const { t, locale } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, Playbook, NOTHING);
  const [isBeginning, setBeginning] = useState(false);
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const live = answer.data.playbook;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const mayWrite = role !== null && AUTHORS.includes(role);
  const published = live.publishedAtMs === null || live.publishedBy === null ? t.playbooks.noText : fill(t.playbooks.publishedBy, { who: live.publishedBy, at: date.format(live.publishedAtMs) });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={published}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button href={hrefOf(["playbook", "versions"])}>{t.playbooks.history}</Button>
              {mayWrite && (
                <Button variant="primary" onClick={() => setBeginning(true)}>
                  {t.playbooks.newDraft}
                </Button>
              )}
            </SpaceBetween>
          }
        >
          {t.playbooks.title}
        </Header>
      }
    >
      <div data-playbook={live.book}>
        <SpaceBetween size="l">
          <Table
            items={live.drafts}
            trackBy="id"
            wrapLines
            ariaLabels={{ tableLabel: t.playbooks.drafts }}
            header={
              <Header variant="h2" counter={`(${live.drafts.length})`} description={t.playbooks.draftsText}>
                {t.playbooks.drafts}
              </Header>
            }
            empty={<Empty level="h2" title={t.playbooks.noDrafts} text={mayWrite ? t.playbooks.noDraftsText : t.playbooks.noDraftsRead} />}
            columnDefinitions={[
              { id: "title", header: t.playbooks.name, isRowHeader: true, cell: (row) => <Link href={hrefOf(["playbook", "drafts", row.id])}>{row.title}</Link> },
              { id: "who", header: t.playbooks.changedBy, cell: (row) => row.changedBy },
              { id: "at", header: t.playbooks.changedAt, cell: (row) => date.format(row.changedAtMs) },
            ]}
          />
          <Table
            items={live.sets}
            trackBy="name"
            wrapLines
            ariaLabels={{ tableLabel: t.playbooks.sets }}
            header={
              <Header variant="h2" counter={`(${live.sets.length})`} description={t.playbooks.setsText}>
                {t.playbooks.sets}
              </Header>
            }
            empty={<Empty title={t.playbooks.noRules} text={t.playbooks.noRulesText} />}
            columnDefinitions={[
              { id: "name", header: t.playbooks.set, isRowHeader: true, cell: (row) => row.name.replaceAll("_", " ") },
              { id: "moments", header: t.playbooks.roots["moment-defined"], cell: (row) => row.moments },
              { id: "actions", header: t.playbooks.roots.action, cell: (row) => row.actions },
              { id: "items", header: t.playbooks.roots.item, cell: (row) => row.items },
            ]}
          />
          <Container
            header={
              <Header variant="h2" description={t.playbooks.treesText}>
                {t.playbooks.trees}
              </Header>
            }
          >
            <RuleTree nodes={live.tree} route={route} />
          </Container>
          <Box color="text-body-secondary">{fill(t.playbooks.book, { version: live.book })}</Box>
        </SpaceBetween>
      </div>
      <NewDraft graphql={graphql} hasText={live.text !== null} isOpen={isBeginning} onClose={() => setBeginning(false)} />
    </ContentLayout>
  );
}
