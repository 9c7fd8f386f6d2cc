import { expect, it } from "vitest";
import { GraphqlClient, GraphqlRefused } from "../src/graphqlClient";
import type { Operation } from "../src/operation";

const operation: Operation<{ x: number }, Record<string, never>> = { name: "X", text: "query X { x }", fields: [{ name: "a", field: "Query.a", arguments: {} }] };

function client(...answers: { status?: number; body: unknown }[]): { client: GraphqlClient; seen: string[] } {
  const seen: string[] = [];
  let tokens = 0;
  const token = { current: () => Promise.resolve(`t${tokens}`), expire: () => void (tokens += 1) };
  const fetch = (_: string, init: RequestInit): Promise<Response> => {
    seen.push((init.headers as Record<string, string>)["authorization"] ?? "");
    const answer = answers.shift() ?? { body: {} };
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 }));
  };
  return { client: new GraphqlClient("https://x.test/graphql", token, fetch), seen };
}

it("a refused token is renewed once and the request sent again", async () => {
  const { client: graphql, seen } = client({ status: 401, body: {} }, { body: { data: { x: 1 } } });
  expect(await graphql.request(operation, {})).toEqual({ x: 1 });
  expect(seen).toEqual(["t0", "t1"]);
});

it("an error in a 200 is an error", async () => {
  const { client: graphql } = client({ body: { data: null, errors: [{ message: "no", errorType: "NotFound" }] } });
  await expect(graphql.request(operation, {})).rejects.toEqual(new GraphqlRefused("no", "NotFound"));
});
