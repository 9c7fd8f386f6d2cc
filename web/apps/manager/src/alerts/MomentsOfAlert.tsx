import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import type { AlertParts } from "@sotto/api";
import { callTime } from "@sotto/ui";
import { useMemo } from "react";
import { lineHref } from "../conversation/links";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";

type Noticed = AlertParts["moments"][number];

/** Each leads to its second in the call. */
export function MomentsOfAlert({ alert }: { alert: AlertParts }) {
  const { t } = useWording();
  const columns = useMemo(
    () => [
      { id: "moment", header: t.alerts.moment, isRowHeader: true, cell: (each: Noticed) => <Link href={each.utteranceId === null ? hrefOf(["conversations", each.contactId]) : lineHref(each.contactId, each.utteranceId)}>{each.name.replaceAll("_", " ")}</Link> },
      { id: "at", header: t.alerts.at, cell: (each: Noticed) => callTime(each.atMs) },
    ],
    [t],
  );
  return (
    <div data-moments="loaded">
      <Table
        variant="embedded"
        trackBy="annotationId"
        items={alert.moments}
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: t.alerts.moments }}
        header={
          <Header variant="h2" counter={`(${alert.moments.length})`} description={t.alerts.momentsText}>
            {t.alerts.moments}
          </Header>
        }
      />
    </div>
  );
}
