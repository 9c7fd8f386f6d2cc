import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "src/api/generated.ts", "scripts", "eslint.config.js"] },
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
);
