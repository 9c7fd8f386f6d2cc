import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { DraftParts } from "@sotto/api";
import { useEffect, useRef } from "react";
import { suggested } from "./suggestions";
import "./YamlEditor.css";

type Mistake = DraftParts["mistakes"][number];

interface Props {
  text: string;
  label: string;
  isReadOnly: boolean;
  known: DraftParts["known"];
  mistakes: readonly Mistake[];
  warnings: readonly Mistake[];
  /** Where to put the cursor: a line, and a number that changes with each wish. */
  goTo: { readonly line: number; readonly wish: number } | null;
  onChange: (text: string) => void;
  onSave: () => void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--focus)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": { height: "60vh", color: "var(--ink)", backgroundColor: "var(--surface)" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "13px" },
  ".cm-gutters": { color: "var(--ink-soft)", backgroundColor: "var(--surface)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "var(--ground)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--line)" },
});

/**
 * The text of a playbook with its lines numbered and its mistakes beside them. In a shadow root: the pages' policy allows no
 * style elements, and there the editor's styles are adopted instead. Tab leaves it, as it leaves every field.
 */
export function YamlEditor({ text, label, isReadOnly, known, mistakes, warnings, goTo, onChange, onSave }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ known, onChange, onSave });
  const writable = useRef(new Compartment());
  useEffect(() => {
    latest.current = { known, onChange, onSave };
  });
  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          highlightActiveLine(),
          indentUnit.of("  "),
          yaml(),
          syntaxHighlighting(COLOURS),
          lintGutter(),
          LOOK,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
          autocompletion({ override: [(context) => suggested(context, latest.current.known)] }),
          keymap.of([{ key: "Mod-s", preventDefault: true, run: () => (latest.current.onSave(), true) }, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          writable.current.of(EditorState.readOnly.of(isReadOnly)),
          EditorView.updateListener.of((update) => update.docChanged && latest.current.onChange(update.state.doc.toString())),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, []); // eslint-disable-line react-hooks/exhaustive-deps -- the editor keeps its own text; what else changes is handed to it below
  useEffect(() => {
    const view = editor.current;
    // Somebody else's text, or what was read anew; what is typed comes from the editor itself.
    if (view && view.state.doc.toString() !== text) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => editor.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(isReadOnly)) }), [isReadOnly]);
  useEffect(() => {
    const view = editor.current;
    if (view) view.dispatch(setDiagnostics(view.state, [...marked(view.state, mistakes, "error"), ...marked(view.state, warnings, "warning")]));
  }, [mistakes, warnings]);
  useEffect(() => {
    const view = editor.current;
    if (!view || !goTo) return;
    const line = view.state.doc.line(Math.min(goTo.line, view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    view.focus();
  }, [goTo]);
  return <div ref={place} className="yaml-editor" data-editor={isReadOnly ? "read" : "write"} />;
}

function marked(state: EditorState, found: readonly Mistake[], severity: Diagnostic["severity"]): Diagnostic[] {
  return found
    .map(({ line, column, message }) => {
      const there = state.doc.line(Math.min(line, state.doc.lines));
      return { from: Math.min(there.from + column - 1, there.to), to: there.to, severity, message };
    })
    .sort((a, b) => a.from - b.from);
}
