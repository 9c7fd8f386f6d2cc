import SideNavigation from "@cloudscape-design/components/side-navigation";
import type { TokenSource } from "@sotto/api";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { useRoute } from "../routes/useRoute";
import { PAGES, nameOf } from "./pages";
import { useRole } from "./useRole";

export function Navigation({ token }: { token: TokenSource }) {
  const { t } = useWording();
  const role = useRole(token);
  const route = useRoute();
  const items = PAGES.flatMap(({ name, entry }) => {
    const isFor = entry && (entry.roles === undefined || (role !== null && entry.roles.includes(role)));
    return isFor ? [{ type: "link", text: entry.text(t), href: hrefOf([name]) } as const] : [];
  });
  return <SideNavigation activeHref={hrefOf([nameOf(route)])} items={items} />;
}
