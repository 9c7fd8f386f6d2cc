import type { Operation } from "./operation";
import { TokenRefused, type TokenSource } from "./token";

/** The server answered, and the answer is an error. `kind` is AppSync's errorType. */
export class GraphqlRefused extends Error {
  override name = "GraphqlRefused";
  constructor(
    message: string,
    readonly kind: string,
  ) {
    super(message);
  }
}

interface Answer<Result> {
  data?: Result | null;
  errors?: { message: string; errorType?: string }[];
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 10_000;

/** Queries and mutations over HTTPS. A refused token is renewed once; other errors are the caller's. */
export class GraphqlClient {
  constructor(
    private readonly url: string,
    private readonly token: TokenSource,
    private readonly fetch: Fetch = (url, init) => globalThis.fetch(url, init),
  ) {}

  async request<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    try {
      return await this.requestOnce(operation, variables);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      this.token.expire();
      return this.requestOnce(operation, variables);
    }
  }

  private async requestOnce<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const response = await this.fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: await this.token.current() },
      body: JSON.stringify({ query: operation.text, operationName: operation.name, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401 || response.status === 403) throw new TokenRefused(`${operation.name}: not signed in`);
    if (!response.ok) throw new Error(`${operation.name}: the server answered ${response.status}`);
    return resultOf((await response.json()) as Answer<Result>, operation.name);
  }
}

/** AppSync answers 200 for errors too. */
function resultOf<Result>(answer: Answer<Result>, name: string): Result {
  const error = answer.errors?.[0];
  if (error?.errorType === "UnauthorizedException") throw new TokenRefused(`${name}: ${error.message}`);
  if (error) throw new GraphqlRefused(error.message, error.errorType ?? "Unknown");
  if (!answer.data) throw new GraphqlRefused(`${name}: the answer holds no data`, "Unknown");
  return answer.data;
}
