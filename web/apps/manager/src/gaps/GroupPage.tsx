import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { type GapKind, GapGroupOf } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { CopyButton, fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { Decide } from "./Decide";
import { type Example, draftOf } from "./gaps";

interface Props {
  graphql: Requests;
  kind: GapKind;
  groupId: string;
}

/** One group: its examples, of which some are chosen, and what it is. */
export function GroupPage({ graphql, kind, groupId }: Props) {
  const { t } = useWording();
  const [answer, again] = useAnswer(graphql, GapGroupOf, { kind, groupId, state: "OPEN" as const });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const { gapGroup: group, gapGroups: others, exampleLabels } = answer.data;
  const list = hrefOf(["gaps"], { kind: kind === "INTENT" ? null : kind.toLowerCase() });
  if (!group) return <Empty level="h1" title={t.gaps.missing} text={t.gaps.missingText} action={t.gaps.toAll} href={list} />;
  const examples = group.examples ?? [];
  const chosen = examples.filter((each) => !left.has(keyOf(each)));
  const isChosen = kind === "INTENT" && group.state === "OPEN";
  const choosing = isChosen
    ? {
        selectionType: "multi" as const,
        selectedItems: chosen,
        onSelectionChange: ({ detail }: { detail: { selectedItems: Example[] } }) => setLeft(new Set(examples.filter((each) => !detail.selectedItems.includes(each)).map(keyOf))),
      }
    : {};
  return (
    <ContentLayout header={<Header variant="h1">{group.phrases.length > 0 ? group.phrases.join(", ") : t.gaps.unnamed}</Header>}>
      <div data-gap={group.state}>
        <SpaceBetween size="l">
          {kind === "INTENT" && group.state === "ACCEPTED" && <Alert type="success">{t.gaps.accepted}</Alert>}
          <Container>
            <KeyValuePairs
              columns={4}
              minColumnWidth={160}
              items={[
                { label: t.gaps.calls, value: group.calls },
                { label: t.gaps.members[kind], value: group.members },
                { label: t.gaps.nearest[kind], value: group.nearest?.replaceAll("_", " ") ?? t.none },
                { label: t.gaps.state, value: group.label === null ? t.gaps.states[group.state] : fill(t.gaps.became, { state: t.gaps.states[group.state], label: group.label }) },
                ...(group.who === null ? [] : [{ label: t.gaps.who, value: group.who }]),
              ]}
            />
          </Container>
          <Decide graphql={graphql} group={group} chosen={chosen} others={others} labels={exampleLabels} onDone={again} />
          {kind === "ARTICLE" && group.state === "ACCEPTED" && (
            <Container header={<Header variant="h2" description={t.gaps.draftText} actions={<CopyButton text={() => draftOf(group.label ?? "", examples)} label={t.gaps.copy} copiedLabel={t.gaps.copied} />}>{t.gaps.draft}</Header>}>
              <pre className="gap-draft">{draftOf(group.label ?? "", examples)}</pre>
            </Container>
          )}
          <Table
            wrapLines
            trackBy={keyOf}
            items={examples}
            {...choosing}
            ariaLabels={{
              tableLabel: t.gaps.examples,
              selectionGroupLabel: t.gaps.examples,
              allItemsSelectionLabel: () => t.gaps.chooseAll,
              itemSelectionLabel: (_, each) => fill(t.gaps.choose, { text: each.text }),
            }}
            empty={t.gaps.gone}
            header={
              <Header variant="h2" counter={isChosen ? `(${chosen.length}/${examples.length})` : `(${examples.length})`} description={isChosen ? t.gaps.examplesText : t.gaps.questionsText}>
                {t.gaps.examples}
              </Header>
            }
            columnDefinitions={[{ id: "text", header: t.gaps.members[kind], isRowHeader: true, cell: ({ text, contactId }) => <Link href={hrefOf(["conversations", contactId])}>{text}</Link> }]}
          />
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

const keyOf = ({ contactId, id }: Example) => `${contactId} ${id}`;
