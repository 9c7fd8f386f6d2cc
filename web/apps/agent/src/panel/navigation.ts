import { createContext, useContext } from "react";

/** A passage of an article. `near`: where it stands in the article, in code points, if that is known. */
export interface Source {
  readonly article: string;
  readonly title: string;
  readonly quote: string;
  readonly near: number | null;
}

/** Where a citation leads: to a line of the transcript, or into an article. */
export interface Places {
  readonly toLine: (utteranceId: string) => void;
  readonly openArticle: (source: Source) => void;
}

export const PlacesContext = createContext<Places>({ toLine: () => undefined, openArticle: () => undefined });
export const usePlaces = (): Places => useContext(PlacesContext);
