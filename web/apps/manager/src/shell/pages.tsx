import { Suspense, type ReactNode, memo } from "react";
import type { Messages } from "../messages/en";
import type { Route } from "../routes/route";
import type { Started } from "../start";
import { NoPage } from "./NoPage";
import type { Frame, Page } from "./page";

const FOUND = import.meta.glob<{ page: Page }>("../*/page.tsx", { eager: true });

/** All pages of the app, as they stand at the side. */
export const PAGES: readonly Page[] = Object.values(FOUND)
  .map(({ page }) => page)
  .sort((a, b) => (a.entry?.order ?? Infinity) - (b.entry?.order ?? Infinity));

const FIRST = PAGES[0]?.name ?? "";

/** The page that an address means, and what of the address is left to it; the first one where it names none. */
function placeOf({ path: [name = FIRST, ...rest] }: Route): { readonly page: Page | undefined; readonly rest: readonly string[] } {
  return { page: PAGES.find((each) => each.name === name), rest };
}

/** The name of the page that the route is at, for the entry at the side. */
export function nameOf({ path: [name = FIRST] }: Route): string {
  return name;
}

export function frameOf(route: Route, t: Messages): Frame {
  const { page, rest } = placeOf(route);
  return page?.frameOf(rest, t) ?? { title: t.noPage, parents: [], isTable: false };
}

interface Props {
  route: Route;
  started: Started;
  t: Messages;
}

/** The page that an address means. Drawn anew when the address changes, not with each change around it. */
export const PageContent = memo(function PageContent({ route, started, t }: Props): ReactNode {
  const { page, rest } = placeOf(route);
  if (!page || page.frameOf(rest, t) === null) return <NoPage />;
  return <Suspense fallback={null}>{page.content({ rest, route, started })}</Suspense>;
});
