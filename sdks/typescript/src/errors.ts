import type { WrongField } from "./models.js";

/**
 * What can go wrong:
 *
 *     SottoError
 *     ├── ApiError           the API refused, or could not
 *     └── ConnectionError    no answer came
 *         └── TimeoutError   not within the time
 *
 * An AbortSignal of yours throws its own reason.
 */
export class SottoError extends Error {
  override readonly name: string = "SottoError";
}

/** `application/problem+json` (RFC 9457) as the API answers it; what a proxy answers instead has an empty `type`. */
export class ApiError extends SottoError {
  override readonly name: string = "ApiError";
  /** Names the kind of problem, `"not-found"`; stable. */
  readonly type: string;
  /** What to do about it. */
  readonly detail: string;
  /** The fields that are wrong. */
  readonly errors: readonly WrongField[];

  /** `retryAfterMs`: when to ask again, where the answer says so. */
  constructor(readonly status: number, problem: Readonly<Record<string, unknown>>, readonly retryAfterMs: number | null = null) {
    super(`${status}: ${text(problem.detail) || text(problem.message)}`);
    this.type = text(problem.type).split("/").at(-1) ?? "";
    this.detail = text(problem.detail);
    this.errors = Array.isArray(problem.errors) ? (problem.errors as WrongField[]) : [];
  }
}

/** No answer came: `cause` says why. A write may have been done; the same Idempotency-Key finds out without doing it twice. */
export class ConnectionError extends SottoError {
  override readonly name: string = "ConnectionError";
}

export class TimeoutError extends ConnectionError {
  override readonly name: string = "TimeoutError";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
