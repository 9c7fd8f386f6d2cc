import AppLayoutToolbar from "@cloudscape-design/components/app-layout-toolbar";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import { useEffect, useState } from "react";
import { useWording } from "../messages";
import { useRoute } from "../routes/useRoute";
import type { Started } from "../start";
import type { Preferences } from "./App";
import { Navigation } from "./Navigation";
import { pageOf } from "./pages";
import { TopBar } from "./TopBar";

interface Props extends Started {
  preferences: Preferences;
  onPreferences: (part: Partial<Preferences>) => void;
}

/** What stands around every page: the bar at the top, the pages at the side. */
export function Shell({ preferences, onPreferences, ...started }: Props) {
  const { t } = useWording();
  const route = useRoute();
  const [isOpen, setOpen] = useState(() => window.innerWidth >= 1000);
  const page = pageOf(route, started, t);
  useEffect(() => {
    document.title = `${page.title} · ${t.appName}`;
  }, [page.title, t]);
  return (
    <>
      <TopBar preferences={preferences} onPreferences={onPreferences} />
      <AppLayoutToolbar
        headerSelector="#top"
        contentType={page.isTable ? "table" : "default"}
        toolsHide
        navigation={<Navigation />}
        navigationOpen={isOpen}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        breadcrumbs={page.parents.length > 0 && <BreadcrumbGroup items={[...page.parents, { text: page.title, href: location.hash }]} />}
        ariaLabels={{ navigation: t.pages, navigationToggle: t.openPages, navigationClose: t.closePages }}
        content={page.content}
      />
    </>
  );
}
