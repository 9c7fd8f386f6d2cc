// Every subscription: serve_agent decides, and names the condition that each event must meet to be delivered.
import { extensions, util } from '@aws-appsync/utils';

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
  if (ctx.error || !ctx.result) {
    util.error('This could not be served just now; try again.', 'Unavailable');
  }
  if (ctx.result.error) {
    util.error(ctx.result.error.message, ctx.result.error.type);
  }
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(ctx.result.data));
  return null;
}
