/** One field that an operation asks for; `arguments` maps each to the variable that holds its value. */
export interface OperationField {
  readonly name: string;
  readonly field: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** A query, mutation or subscription with the types of its variables and result; generated from operations.graphql. */
export interface Operation<Result, Variables> {
  readonly name: string;
  readonly text: string;
  readonly fields: readonly [OperationField, ...OperationField[]];
  /** Never set; carries the types. */
  readonly types?: { result: Result; variables: Variables };
}

export type AnyOperation = Operation<unknown, unknown>;
