import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ConversationRow } from "@sotto/api";
import { useState } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { csvOf, saveText } from "../table/csv";
import { conversationCsv } from "./columns";
import { SavedViews } from "./SavedViews";

/** More is the analyst's to ask for, by day. */
const MOST_EXPORTED = 3_000;

interface Props {
  route: Route;
  rows: readonly ConversationRow[];
  hasMore: boolean;
  /** All rows that fit, up to so many. */
  onReadAll: (count: number) => Promise<readonly ConversationRow[]>;
}

export function ConversationHeader({ route, rows, hasMore, onReadAll }: Props) {
  const { t, locale } = useWording();
  const [isExporting, setExporting] = useState(false);
  const save = async () => {
    setExporting(true);
    const all = await onReadAll(MOST_EXPORTED);
    saveText(`${t.conversations.csvName}.csv`, csvOf(conversationCsv(t), all.slice(0, MOST_EXPORTED)));
    setExporting(false);
  };
  return (
    <Header
      variant="awsui-h1-sticky"
      counter={`(${new Intl.NumberFormat(locale).format(rows.length)}${hasMore ? "+" : ""})`}
      description={t.conversations.description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <SavedViews route={route} />
          <Button iconName="download" loading={isExporting} disabled={rows.length === 0} onClick={() => void save()}>
            {t.exportCsv}
          </Button>
        </SpaceBetween>
      }
    >
      {t.conversationsTitle}
    </Header>
  );
}
