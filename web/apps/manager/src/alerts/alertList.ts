import { type AlertParts, Alerts } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { PagedList } from "../table/pagedList";

const AT_ONCE = 25;

export const alertList = (graphql: Requests, onlyWaiting: boolean) =>
  new PagedList<AlertParts>(async (after) => {
    const { alerts } = await graphql.request(Alerts, { first: AT_ONCE, after, onlyWaiting });
    return { rows: alerts.alerts, cursor: alerts.cursor };
  });
