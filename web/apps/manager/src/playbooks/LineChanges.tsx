import { useWording } from "../messages";
import "./YamlEditor.css";

/** A unified diff; what is added and taken out says so by its sign and by its element. */
export function LineChanges({ lines }: { lines: readonly string[] }) {
  const { t } = useWording();
  return (
    // Long ones are scrolled, by keys too.
    <pre className="diff" tabIndex={0} role="group" aria-label={t.playbooks.lines}>
      {lines.map((line, at) => (
        <Line key={at} line={line} />
      ))}
    </pre>
  );
}

function Line({ line }: { line: string }) {
  if (line.startsWith("+")) return <ins>{line}</ins>;
  if (line.startsWith("-")) return <del>{line}</del>;
  return <span className={line.startsWith("@@") ? "diff-place" : ""}>{line}</span>;
}
