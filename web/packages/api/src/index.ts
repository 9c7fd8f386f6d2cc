export * from "./generated";
export * from "./graphqlClient";
export * from "./operation";
export * from "./token";
