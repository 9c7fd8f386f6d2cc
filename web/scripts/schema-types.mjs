// Writes src/api/generated.ts: a TypeScript type for each enum, fragment, query, mutation and subscription of
// src/api/operations.graphql, checked against the deployed schema. A schema change that the panel does not follow
// fails here or in tsc. Own code because codegen's usual packages are a hundred dependencies for these hundred lines.
import { readFileSync, writeFileSync } from "node:fs";
import {
  Kind,
  TypeInfo,
  buildSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  parse,
  print,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";

const here = new URL(".", import.meta.url);
const delivery = new URL("../../sotto/realtime/", here);
const target = new URL("../src/api/generated.ts", here);
const read = (url) => readFileSync(url, "utf8");

const SCALARS = { ID: "string", String: "string", Int: "number", Float: "number", Boolean: "boolean" };

const schema = buildSchema(read(new URL("appsync.graphql", delivery)) + read(new URL("schema.graphql", delivery)));
const document = parse(read(new URL("../src/api/operations.graphql", here)));
const mistakes = validate(schema, document);
if (mistakes.length > 0) {
  for (const mistake of mistakes) console.error(`src/api/operations.graphql: ${mistake.message} (line ${mistake.locations?.[0]?.line})`);
  process.exit(1);
}

const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
const usedEnums = new Map();

function tsType(type, ofNamed) {
  if (isNonNullType(type)) return bare(type.ofType, ofNamed);
  return `${bare(type, ofNamed)} | null`;
}

function bare(type, ofNamed) {
  if (isListType(type)) {
    const item = tsType(type.ofType, ofNamed);
    return item.includes("|") ? `readonly (${item})[]` : `readonly ${item}[]`;
  }
  return ofNamed(type);
}

function leaf(type) {
  if (isEnumType(type)) usedEnums.set(type.name, type);
  return isScalarType(type) ? (SCALARS[type.name] ?? "string") : type.name;
}

/** The type of a selection: a spread alone is the fragment's name, anything else is written out. */
function selectionType(parent, selectionSet, indent) {
  const spreads = selectionSet.selections.filter((s) => s.kind === Kind.FRAGMENT_SPREAD).map((s) => s.name.value);
  const fields = selectionSet.selections.filter((s) => s.kind === Kind.FIELD);
  const lines = fields.map((field) => {
    const { type } = parent.getFields()[field.name.value];
    const ofNamed = (named) => (field.selectionSet ? selectionType(named, field.selectionSet, `${indent}  `) : leaf(named));
    return `${indent}  readonly ${(field.alias ?? field.name).value}: ${tsType(type, ofNamed)};\n`;
  });
  const own = lines.length > 0 ? [`{\n${lines.join("")}${indent}}`] : [];
  return [...spreads, ...own].join(" & ");
}

function variablesType(operation) {
  const fields = operation.variableDefinitions.map((definition) => {
    let type;
    const info = new TypeInfo(schema);
    visit({ kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions: [definition] }] },
      visitWithTypeInfo(info, { VariableDefinition: () => { type = info.getInputType(); } }));
    leaf(getNamedType(type));
    return `  readonly ${definition.variable.name.value}${isNonNullType(type) ? "" : "?"}: ${tsType(type, leaf)};\n`;
  });
  return fields.length > 0 ? `{\n${fields.join("")}}` : "Record<string, never>";
}

function spreadNames(node, found = new Set()) {
  visit(node, {
    FragmentSpread(spread) {
      if (found.has(spread.name.value)) return;
      found.add(spread.name.value);
      spreadNames(fragments.get(spread.name.value), found);
    },
  });
  return found;
}

/** For the channel that asks field by field: which fields, and which variable each argument is taken from. */
function rootsOf(operation, root) {
  return operation.selectionSet.selections.map((field) => ({
    name: (field.alias ?? field.name).value,
    field: `${root.name}.${field.name.value}`,
    arguments: Object.fromEntries(field.arguments.map((argument) => [argument.name.value, variableOf(argument, operation)])),
  }));
}

function variableOf(argument, operation) {
  if (argument.value.kind === Kind.VARIABLE) return argument.value.name.value;
  console.error(`src/api/operations.graphql: ${operation.name.value}: give ${argument.name.value} by a variable (line ${argument.loc.startToken.line})`);
  process.exit(1);
}

function operationCode(operation) {
  const name = operation.name.value;
  const root = schema.getRootType(operation.operation);
  const text = [operation, ...[...spreadNames(operation)].map((n) => fragments.get(n))].map(print).join("\n");
  return [
    `export interface ${name}Result ${selectionType(root, operation.selectionSet, "")}`,
    `export type ${name}Variables = ${variablesType(operation)};`,
    `export const ${name}: Operation<${name}Result, ${name}Variables> = {\n  name: "${name}",\n  text: ${JSON.stringify(text)},\n  roots: ${JSON.stringify(rootsOf(operation, root))},\n};`,
  ].join("\n");
}

const fragmentCode = [...fragments.values()].map((fragment) => {
  const parent = schema.getType(fragment.typeCondition.name.value);
  return `/** Of ${parent.name}. */\nexport type ${fragment.name.value} = ${selectionType(parent, fragment.selectionSet, "")};`;
});
const operationsCode = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).map(operationCode);
const enumCode = [...usedEnums.values()].map((e) => `export type ${e.name} = ${e.getValues().map((v) => `"${v.name}"`).join(" | ")};`);

writeFileSync(target, [
  "// Written by scripts/schema-types.mjs from sotto/realtime/schema.graphql; not kept in the repository.",
  'import type { Operation } from "../connection/graphql";',
  ...enumCode,
  ...fragmentCode,
  ...operationsCode,
].join("\n\n") + "\n");
