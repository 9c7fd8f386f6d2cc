import { type WorkflowRowParts, Workflows } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { PagedList } from "../table/pagedList";

const AT_ONCE = 25;

export const workflowList = (graphql: Requests, onlyWaiting: boolean) =>
  new PagedList<WorkflowRowParts>(async (after) => {
    const { workflows } = await graphql.request(Workflows, { first: AT_ONCE, after, onlyWaiting });
    return { rows: workflows.workflows, cursor: workflows.cursor };
  });
