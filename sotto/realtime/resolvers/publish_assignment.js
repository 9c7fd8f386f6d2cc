// Mutation.publishAssignment, on a NONE data source. An agent whose contact went elsewhere stops receiving it at once,
// whatever their panel does.
import { extensions } from '@aws-appsync/utils';

export function request(ctx) {
  return { payload: ctx.args.input };
}

export function response(ctx) {
  if (ctx.result.state === 'RELEASED') {
    extensions.invalidateSubscriptions({
      subscriptionField: 'onContactMessage',
      payload: { tenant: ctx.result.tenant, contactId: ctx.result.contact.contactId, agent: ctx.result.agent },
    });
  }
  return ctx.result;
}
