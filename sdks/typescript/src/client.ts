import type { Settings } from "./carrier.js";
import { Operations, VERSION } from "./operations.js";

/**
 * The API at `url` (`https://host`) as `key` may use it: an API key, or a person's token.
 *
 * Asked again are those whose answer was lost, 429 and 503, up to four times in all, as late as `Retry-After` says.
 * Each write carries an Idempotency-Key, so one that is sent again is done once.
 */
export class Sotto extends Operations {
  constructor(url: string, key: string, settings: Settings = {}) {
    super(url, key, VERSION, settings);
  }
}
