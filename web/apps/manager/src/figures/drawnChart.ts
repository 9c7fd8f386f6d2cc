import { View, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { type Config, type TopLevelSpec, compile } from "vega-lite";

/** Colours that both appearances carry: 3:1 at least against their grounds. */
const CATEGORIES = ["#0972d3", "#d4691c", "#067f68", "#9469d6", "#c33d69", "#5f6b7a"];
const BAR_PX = 22;
/** The axis below the bars. */
const MARGIN_PX = 48;

/** Draws a specification of Vega-Lite into an element; returns how to take it away. Nothing in it is evaluated as code: the page's policy allows none. */
export async function drawnChart(place: HTMLElement, written: string, label: string, names: Readonly<Record<string, string>>): Promise<() => void> {
  const spec = specOf(written, label, names);
  const { spec: compiled } = compile(spec, { config: configOf(place) });
  const view = new View(parse(compiled, undefined, { ast: true }), { expr: expressionInterpreter as never, renderer: "canvas", container: place, hover: false });
  view.description(label);
  await view.runAsync();
  return () => {
    view.finalize();
  };
}

interface Written {
  /** The metric's own title, which its axis has as well, with its unit. */
  title: string;
  mark: unknown;
  data: { values: unknown[] };
  encoding: Record<string, { field?: string; title?: string }>;
}

/** `label`: the metric's title in the page's language. `names`: of dimensions, for axes and legends. */
function specOf(written: string, label: string, names: Readonly<Record<string, string>>): TopLevelSpec {
  const { title, mark, data, encoding } = JSON.parse(written) as Written; // its title stands above already
  const named = Object.entries(encoding).map(([channel, each]) => [channel, { ...each, title: each.title?.replace(title, label) ?? names[each.field ?? ""] ?? each.field }]);
  const rows = new Set(data.values.map((row) => String((row as Record<string, unknown>)[encoding.y?.field ?? ""]))).size;
  const height = mark === "bar" ? MARGIN_PX + BAR_PX * rows : 280;
  return { data, mark, encoding: Object.fromEntries(named) as unknown, width: "container", height, autosize: { type: "fit", contains: "padding" } } as unknown as TopLevelSpec;
}

/** In the page's colours, whatever its appearance is now. */
function configOf(place: HTMLElement): Config {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim() || style.color;
  const soft = { labelColor: style.color, titleColor: style.color };
  return {
    background: "transparent",
    font: style.fontFamily,
    view: { stroke: "transparent" },
    axis: { ...soft, gridColor: colour("--chart-line"), domainColor: colour("--chart-line"), tickColor: colour("--chart-line"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", labelLimit: 180 },
    legend: { ...soft, labelFontSize: 12, titleFontSize: 12 },
    mark: { color: CATEGORIES[0] as string },
    range: { category: CATEGORIES },
  };
}
