import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

/** Which of Sotto's packages a folder may import; a package is reached by its name, never by a path into it. */
const MAY_IMPORT = {
  "packages/api": [],
  "packages/realtime": ["api", "realtime/testing"],
  "packages/call": ["api", "realtime", "realtime/testing"],
  "packages/client": ["api", "realtime"],
  "packages/ui": [],
  "apps/agent": ["api", "realtime", "realtime/testing", "call", "client", "ui", "ui/base.css"],
  "apps/manager": ["api", "realtime", "realtime/testing", "call", "client", "ui", "ui/base.css"],
};

function directionOf([folder, allowed]) {
  const own = allowed.join("|");
  const patterns = [
    { regex: own ? `^@sotto/(?!(${own})$)` : "^@sotto/", message: `${folder} may import of Sotto's packages: ${own || "none"}.` },
    { regex: "^(\\.\\./)+(packages|apps)/", message: "Import a package by its name." },
  ];
  return { files: [`${folder}/**/*.{ts,tsx}`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default ts.config(
  { ignores: ["**/dist", "packages/api/src/generated.ts", "**/*.{js,mjs}"] },
  ...ts.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in texts are what the panel is full of.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `return session.act(...)` ends a case in one line.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Checked strictly, and callbacks may be taken apart from their props.
      "@typescript-eslint/method-signature-style": "error",
      // The HTML of a caller's words must never be made: text only.
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
      "no-restricted-syntax": ["error", { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Content is text, never HTML." }],
    },
  },
  ...Object.entries(MAY_IMPORT).map(directionOf),
);
