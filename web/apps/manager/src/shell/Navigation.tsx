import SideNavigation from "@cloudscape-design/components/side-navigation";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { useRoute } from "../routes/useRoute";

export function Navigation() {
  const { t } = useWording();
  const [name = "live"] = useRoute().path;
  const items = [
    { type: "link", text: t.liveCalls, href: hrefOf(["live"]) },
    { type: "link", text: t.conversationsTitle, href: hrefOf(["conversations"]) },
  ] as const;
  return <SideNavigation activeHref={hrefOf([name])} items={items} />;
}
