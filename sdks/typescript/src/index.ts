export type { Options, Settings } from "./carrier.js";
export { Sotto } from "./client.js";
export { ApiError, ConnectionError, SottoError, TimeoutError } from "./errors.js";
export type * from "./models.js";
export { VERSION } from "./operations.js";
export type * from "./operations.js";
export { verifyWebhook, type WebhookEvent, type WebhookHeaders, WebhookRefused } from "./webhook.js";
