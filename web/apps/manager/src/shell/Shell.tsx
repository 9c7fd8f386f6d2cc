import AppLayoutToolbar from "@cloudscape-design/components/app-layout-toolbar";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import { useDeferredValue, useEffect, useState } from "react";
import { useWording } from "../messages";
import { useRoute } from "../routes/useRoute";
import type { Started } from "../start";
import type { Preferences } from "./App";
import { Navigation } from "./Navigation";
import { PageContent, frameOf } from "./pages";
import { TopBar } from "./TopBar";

interface Props {
  started: Started;
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
}

/** What stands around every page: the bar at the top, the pages at the side. */
export function Shell({ started, preferences, onPreferences }: Props) {
  const { t } = useWording();
  const route = useRoute();
  // A table of many cells takes its time: the press is answered first, and the rows follow.
  const drawn = useDeferredValue(route);
  const [isOpen, setOpen] = useState(() => window.innerWidth >= 1000);
  const { title, parents, isTable } = frameOf(drawn, t);
  useEffect(() => {
    document.title = `${title} · ${t.appName}`;
  }, [title, t]);
  return (
    <>
      <TopBar preferences={preferences} onPreferences={onPreferences} />
      <AppLayoutToolbar
        headerSelector="#top"
        contentType={isTable ? "table" : "default"}
        toolsHide
        navigation={<Navigation token={started.token} />}
        navigationOpen={isOpen}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        breadcrumbs={parents.length > 0 && <BreadcrumbGroup items={[...parents, { text: title, href: location.hash }]} />}
        ariaLabels={{ navigation: t.pages, navigationToggle: t.openPages, navigationClose: t.closePages }}
        content={<PageContent route={drawn} started={started} t={t} />}
      />
    </>
  );
}
