import type { CodegenConfig } from "@graphql-codegen/cli";

/** The schema that is deployed, and beside it what AppSync adds by itself: the one place in web/ that says where they are. */
const SCHEMA = ["../../../sotto/realtime/appsync.graphql", "../../../sotto/realtime/schema.graphql"];

const TEXTS = ["AWSDate", "AWSDateTime", "AWSEmail", "AWSIPAddress", "AWSJSON", "AWSPhone", "AWSTime", "AWSTimestamp", "AWSURL"];

const config: CodegenConfig = {
  schema: SCHEMA,
  documents: ["src/operations.graphql", "src/operations/*.graphql"],
  generates: {
    "src/generated.ts": {
      plugins: ["typescript-operations", "./operationsPlugin.mjs"],
      config: {
        // `MissedResult` and `MissedVariables` for the query `Missed`, `Utterance` for the fragment `Utterance`.
        omitOperationSuffix: true,
        operationResultSuffix: "Result",
        skipTypename: true,
        immutableTypes: true,
        // A scalar that is new in the schema fails here instead of becoming `any`.
        strictScalars: true,
        scalars: { ID: "string", ...Object.fromEntries(TEXTS.map((name) => [name, "string"])) },
        inputMaybeValue: "T | null",
      },
    },
  },
};

export default config;
