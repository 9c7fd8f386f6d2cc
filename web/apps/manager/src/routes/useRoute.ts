import { useCallback, useMemo, useSyncExternalStore } from "react";
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

/** Changes a part of what is seen on this page without a step in the history: nobody wants Back for each letter typed. */
export function useRefine(route: Route): (part: Query) => void {
  return useCallback(
    (part) => {
      history.replaceState(null, "", refined(route, part));
      // replaceState tells nobody.
      window.dispatchEvent(new HashChangeEvent("hashchange"));
    },
    [route],
  );
}
