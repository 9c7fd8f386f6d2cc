import type { ReactNode } from "react";
import type { Messages } from "../messages/en";
import type { Route } from "../routes/route";
import type { Started } from "../start";

/** What stands around a page. */
export interface Frame {
  readonly title: string;
  /** Where one comes from, from the outermost. */
  readonly parents: readonly { readonly text: string; readonly href: string }[];
  /** One table fills it. */
  readonly isTable: boolean;
}

/** What a page gets to draw itself. */
export interface PageProps {
  /** What follows the page's name in the address. */
  readonly rest: readonly string[];
  readonly route: Route;
  readonly started: Started;
}

/**
 * A page, or several of one subject below one name. A folder beside this one declares it by exporting `page` from its
 * `page.tsx`: nothing else knows of it.
 */
export interface Page {
  /** The first part of its addresses. */
  readonly name: string;
  /** Its entry at the side; a page without one is led to by others. */
  readonly entry?: {
    /** From the top; in steps of ten, so that another fits between. */
    readonly order: number;
    readonly text: (t: Messages) => string;
    /** For whom it is there, by the roles of sotto/api/roles.py; all where it says nothing. The server judges anew. */
    readonly roles?: readonly string[];
  };
  /** null: there is no page at this address. */
  readonly frameOf: (rest: readonly string[], t: Messages) => Frame | null;
  readonly content: (props: PageProps) => ReactNode;
}
