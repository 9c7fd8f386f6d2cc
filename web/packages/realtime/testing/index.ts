/** What tests of this package and of the applications share: a clock in their hand, and examples of what the server sends. */
export * from "./clock";
export * from "./examples";
