export * from "./config";
export * from "./connection";
export * from "./token";
