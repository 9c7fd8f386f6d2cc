import { createContext, useContext } from "react";

/** A passage of an article. `near`: where it stands in the article, in code points, if that is known. */
export interface Source {
  readonly article: string;
  readonly title: string;
  readonly quote: string;
  readonly near: number | null;
}

/** Where a citation leads: to a line of the transcript, or into an article. */
export interface Navigation {
  readonly toUtterance: (utteranceId: string) => void;
  readonly openArticle: (source: Source) => void;
}

export const NavigationContext = createContext<Navigation>({ toUtterance: () => undefined, openArticle: () => undefined });
export const useNavigation = (): Navigation => useContext(NavigationContext);
