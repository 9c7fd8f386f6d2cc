import { type TokenSource, expiryOf } from "@sotto/api";
import type { Clock } from "./clock";

const MARGIN_MS = 60_000;

/** Keeps one token, fetches the next shortly before it expires, and never fetches twice at once. */
export class RefreshedToken implements TokenSource {
  private token: string | null = null;
  private fetching: Promise<string> | null = null;

  constructor(
    private readonly fetchToken: () => Promise<string>,
    private readonly clock: Clock,
  ) {}

  current(): Promise<string> {
    if (this.token !== null && expiryOf(this.token) - this.clock.now() > MARGIN_MS) return Promise.resolve(this.token);
    this.fetching ??= this.fetchToken()
      .then((token) => (this.token = token))
      .finally(() => (this.fetching = null));
    return this.fetching;
  }

  expire(): void {
    this.token = null;
  }
}
