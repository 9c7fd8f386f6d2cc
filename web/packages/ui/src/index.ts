export * from "./clipboard";
export * from "./preferences";
export * from "./shortcuts";
export * from "./theme";
export * from "./wording";
