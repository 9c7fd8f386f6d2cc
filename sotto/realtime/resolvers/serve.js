// Every query, and the mutations that people may call: asks serve_agent, whose answer is {data} or {error}.
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return {
    operation: 'Invoke',
    payload: {
      arguments: ctx.args,
      identity: ctx.identity,
      source: ctx.source,
      request: ctx.request,
      prev: ctx.prev,
      info: ctx.info,
      stash: ctx.stash,
    },
  };
}

export function response(ctx) {
  // What a failed function says may quote the call, so it stays in the function's log.
  if (ctx.error || !ctx.result) {
    util.error('This could not be served just now; try again.', 'Unavailable');
  }
  if (ctx.result.error) {
    util.error(ctx.result.error.message, ctx.result.error.type);
  }
  return ctx.result.data;
}
