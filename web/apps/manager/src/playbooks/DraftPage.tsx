import { PlaybookDraft, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useWording } from "../messages";
import { type Route, hrefOf } from "../routes/route";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { DraftEditor } from "./DraftEditor";
import { AUTHORS } from "./roles";

/** One draft; whoever reads the book sees it, authors and admins write it. */
export function DraftPage({ graphql, token, id, route }: { graphql: Requests; token: TokenSource; id: string; route: Route }) {
  const { t } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, PlaybookDraft, { draftId: id });
  if (answer.state === "refused") return <Empty level="h1" title={t.playbooks.noDraft} text={t.playbooks.noDraftText} action={t.playbooks.toPlaybook} href={hrefOf(["playbook"])} />;
  if (answer.state !== "loaded" || role === null) return <NotLoaded answer={answer.state === "loaded" ? { state: "loading" } : answer} onRetry={again} />;
  return <DraftEditor key={answer.data.playbookDraft.version} graphql={graphql} read={answer.data.playbookDraft} mayWrite={AUTHORS.includes(role)} route={route} onReload={again} />;
}
