// A plugin of graphql-codegen: a constant for each operation, with its text for AppSync and its fields one by one for the
// WebSocket channel, which knows no GraphQL. The types of variables and results are typescript-operations' own.
import { Kind, print, visit } from "graphql";

export function plugin(schema, documents) {
  const definitions = documents.flatMap(({ document }) => document.definitions);
  const fragments = new Map(definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION).map((each) => [each.name.value, each]));
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  return {
    prepend: ['import type { Operation } from "./operation";'],
    content: operations.map((operation) => constantOf(operation, schema, fragments)).join("\n\n"),
  };
}

function constantOf(operation, schema, fragments) {
  const name = operation.name.value;
  const used = [...fragmentNames(operation, fragments)].map((fragment) => fragments.get(fragment));
  const value = { name, text: [operation, ...used].map(print).join("\n"), fields: fieldsOf(operation, schema) };
  return `export const ${name}: Operation<${name}Result, ${name}Variables> = ${JSON.stringify(value, null, 2)};`;
}

function fragmentNames(node, fragments, found = new Set()) {
  visit(node, {
    FragmentSpread({ name: { value } }) {
      if (found.has(value)) return;
      found.add(value);
      fragmentNames(fragments.get(value), fragments, found);
    },
  });
  return found;
}

/** Each field that the operation asks for, and the variable that each of its arguments is taken from. */
function fieldsOf(operation, schema) {
  const root = schema.getRootType(operation.operation).name;
  return operation.selectionSet.selections.map((field) => ({
    name: (field.alias ?? field.name).value,
    field: `${root}.${field.name.value}`,
    arguments: Object.fromEntries(field.arguments.map((argument) => [argument.name.value, variableOf(argument, operation)])),
  }));
}

function variableOf({ name, value, loc }, operation) {
  if (value.kind === Kind.VARIABLE) return value.name.value;
  throw new Error(`operations.graphql: ${operation.name.value}: give ${name.value} by a variable (line ${loc.startToken.line})`);
}
