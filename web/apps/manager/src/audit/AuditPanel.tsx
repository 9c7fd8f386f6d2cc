import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";
import { CallAuditTrail, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { useRole } from "../shell/useRole";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";

const READERS = ["admin", "auditor"];

interface Props {
  graphql: Requests;
  token: TokenSource;
  contactId: string;
}

/** Who looked into a call, played, reviewed or erased it: for those who may read the audit log. */
export function AuditPanel({ graphql, token, contactId }: Props) {
  const { t } = useWording();
  const role = useRole(token);
  const [isOpen, setOpen] = useState(false);
  if (role === null || !READERS.includes(role)) return null;
  return (
    <ExpandableSection variant="container" headerText={t.audit.title} headerDescription={t.audit.text} expanded={isOpen} onChange={({ detail }) => setOpen(detail.expanded)}>
      {isOpen && <Trail graphql={graphql} contactId={contactId} />}
    </ExpandableSection>
  );
}

/** To read it is an entry of its own: it is asked for once somebody opens it. */
function Trail({ graphql, contactId }: Omit<Props, "token">) {
  const { t, locale } = useWording();
  const [answer, again] = useAnswer(graphql, CallAuditTrail, { contactId });
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const action = (name: string) => (t.audit.actions as Record<string, string | undefined>)[name] ?? name.replaceAll("_", " ");
  return (
    <div data-audit={answer.data.callAuditTrail.length}>
      <Table
        variant="embedded"
        wrapLines
        items={[...answer.data.callAuditTrail].reverse()}
        empty={t.audit.none}
        ariaLabels={{ tableLabel: t.audit.title }}
        columnDefinitions={[
          { id: "at", header: t.audit.at, isRowHeader: true, cell: ({ atMs }) => date.format(atMs) },
          { id: "who", header: t.audit.who, cell: ({ who }) => who },
          { id: "what", header: t.audit.what, cell: (entry) => action(entry.action) },
        ]}
      />
    </div>
  );
}
