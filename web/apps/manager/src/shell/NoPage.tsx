import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";

export function NoPage() {
  const { t } = useWording();
  return <Empty level="h1" title={t.noPage} text={t.noPageText} href={hrefOf(["live"])} action={t.toLiveCalls} />;
}
