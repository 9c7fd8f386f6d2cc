import { useMemo, useSyncExternalStore } from "react";
import { type Query, type Route, refined, routeOf } from "./route";

function watch(watcher: () => void): () => void {
  window.addEventListener("hashchange", watcher);
  return () => window.removeEventListener("hashchange", watcher);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(watch, () => location.hash);
  return useMemo(() => routeOf(hash), [hash]);
}

export function go(href: string): void {
  location.hash = href;
}

/** Where the user is now; what is drawn may be a moment behind. */
export function currentRoute(): Route {
  return routeOf(location.hash);
}

/** Changes a part of what is seen on this page without a step in the history: nobody wants Back for each letter typed. */
export function refine(part: Query): void {
  replace(refined(currentRoute(), part));
}

export function replace(href: string): void {
  history.replaceState(null, "", href);
  // replaceState tells nobody.
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
