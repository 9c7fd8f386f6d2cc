// Mutation.publishMessage, on a NONE data source: subscribers receive what is given.
export function request(ctx) {
  return { payload: ctx.args.input };
}

export function response(ctx) {
  return ctx.result;
}
