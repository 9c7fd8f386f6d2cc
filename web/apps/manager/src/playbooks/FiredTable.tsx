import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { callTime, fill } from "@sotto/ui";
import { useState } from "react";
import { lineHref } from "../conversation/links";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import type { BehindRow, RuleRow } from "./replayRun";

const AT_ONCE = 20;
const TYPES = { DRAFT: "success", LIVE: "stopped", BOTH: "info" } as const;

/** The calls in which one rule fires, each at its second. */
export function FiredTable({ rule, rows }: { rule: RuleRow; rows: readonly BehindRow[] }) {
  const { t, locale } = useWording();
  const [pageOf, setPage] = useState({ rule: rule.id, page: 1 });
  const page = pageOf.rule === rule.id ? pageOf.page : 1;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const when = (row: BehindRow) => (row.startedAtMs === null ? row.contactId : date.format(row.startedAtMs));
  const href = ({ contactId, fired }: BehindRow) => (fired.utteranceId === null ? hrefOf(["conversations", contactId]) : lineHref(contactId, fired.utteranceId));
  return (
    <div data-fired={rows.length}>
      <Table
        items={rows.slice((page - 1) * AT_ONCE, page * AT_ONCE)}
        trackBy="id"
        wrapLines
        ariaLabels={{ tableLabel: t.playbooks.behind }}
        header={
          <Header variant="h2" counter={`(${rows.length})`} description={rows.some((row) => !row.mayOpen) ? t.playbooks.notOpen : t.playbooks.behindText}>
            {fill(t.playbooks.behindOf, { rule: rule.title })}
          </Header>
        }
        empty={<Empty title={t.playbooks.nothingFired} text={t.playbooks.unknownText} />}
        pagination={rows.length > AT_ONCE && <Pagination currentPageIndex={page} pagesCount={Math.ceil(rows.length / AT_ONCE)} ariaLabels={{ paginationLabel: t.playbooks.behind }} onChange={({ detail }) => setPage({ rule: rule.id, page: detail.currentPageIndex })} />}
        columnDefinitions={[
          { id: "call", header: t.conversations.started, isRowHeader: true, cell: (row) => (row.mayOpen ? <Link href={href(row)}>{when(row)}</Link> : when(row)) },
          { id: "at", header: t.playbooks.at, cell: (row) => callTime(row.fired.atMs) },
          { id: "side", header: t.playbooks.change, cell: (row) => <StatusIndicator type={TYPES[row.fired.side]}>{t.playbooks.sides[row.fired.side]}</StatusIndicator> },
        ]}
      />
    </div>
  );
}
