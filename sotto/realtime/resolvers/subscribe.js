// Every subscription: serve_agent decides, and names the condition under which events are delivered and, for some, the
// one that ends the subscription.
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
  const { deliverWhen, endWhen } = ctx.result.data;
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(deliverWhen));
  if (endWhen) {
    extensions.setSubscriptionInvalidationFilter(util.transform.toSubscriptionFilter(endWhen));
  }
  return null;
}
