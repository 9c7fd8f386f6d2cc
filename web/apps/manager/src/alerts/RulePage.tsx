import { AlertRules, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { RuleEditor } from "./RuleEditor";
import { useViewer } from "../shell/useViewer";
import { NEW_RULE, draftOf } from "./ruleDraft";

/** One rule in its fields: `new`, or one by its id. */
export function RulePage({ graphql, token, id }: { graphql: Requests; token: TokenSource; id: string }) {
  const { t } = useWording();
  const viewer = useViewer(token);
  const [newId] = useState(() => crypto.randomUUID());
  const [answer, again] = useAnswer(graphql, AlertRules, {});
  const catalogue = useCatalogue(graphql);
  if (catalogue.state !== "loaded") return <NotLoaded answer={catalogue} onRetry={() => location.reload()} />;
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  if (viewer === null) return <NotLoaded answer={{ state: "loading" }} onRetry={again} />;
  const known = catalogue.catalogue;
  if (id === "new") return <RuleEditor graphql={graphql} catalogue={known} viewer={viewer} begun={{ ...NEW_RULE, id: newId }} />;
  const rule = answer.data.alertRules.find((each) => each.id === id);
  if (!rule) return <Empty level="h1" title={t.alerts.noRule} text={t.alerts.noRuleText} action={t.alerts.toRules} href={hrefOf(["alerts", "rules"])} />;
  const unit = known.metrics.find((each) => each.name === rule.metric)?.unit ?? "";
  return <RuleEditor key={rule.version} graphql={graphql} catalogue={known} viewer={viewer} begun={draftOf(rule, unit)} />;
}
