/** One contract for the three hosts, with the SDKs' own shapes played by hand. */
import { settled } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { type CcpContact, CcpHost, type CcpPorts } from "../src/host/ccp";
import type { Host } from "../src/host/host";
import { StandaloneHost } from "../src/host/standalone";
import { WorkspaceHost, type WorkspacePorts } from "../src/host/workspace";

const ARN = "arn:aws:connect:eu-west-2:111122223333:instance/aa/agent/maria";

/** A desktop in a test's hand. */
interface Desktop {
  host: Host;
  connect: (contactId: string, type?: string) => void;
  clear: (contactId: string) => void;
}

function workspace(open: string[] = []): Desktop {
  const handlers = { connected: [] as ((event: { contactId: string; type: string }) => unknown)[], cleared: [] as ((event: { contactId: string }) => unknown)[] };
  const ports: WorkspacePorts = {
    agent: { getARN: () => Promise.resolve(ARN) },
    contacts: {
      listContacts: () => Promise.resolve(open.map((contactId) => ({ contactId, type: "voice" }))),
      onConnected: (handler) => handlers.connected.push(handler),
      offConnected: (handler) => (handlers.connected = handlers.connected.filter((other) => other !== handler)),
      onCleared: (handler) => handlers.cleared.push(handler),
      offCleared: (handler) => (handlers.cleared = handlers.cleared.filter((other) => other !== handler)),
    },
    scopedTo: null,
  };
  return {
    host: new WorkspaceHost(ports),
    connect: (contactId, type = "voice") => handlers.connected.forEach((handler) => handler({ contactId, type })),
    clear: (contactId) => handlers.cleared.forEach((handler) => handler({ contactId })),
  };
}

function ccp(open: string[] = []): Desktop {
  const watchers = new Set<(contact: CcpContact) => void>();
  const destroyed = new Map<string, () => void>();
  const contact = (contactId: string, type: string): CcpContact => ({
    getContactId: () => contactId,
    getType: () => type,
    onConnected: (callback) => callback(),
    onDestroy: (callback) => destroyed.set(contactId, callback),
  });
  const ports: CcpPorts = {
    onAgent: (callback) => (callback({ getConfiguration: () => ({ agentARN: ARN }) }), { unsubscribe: () => undefined }),
    onContact: (callback) => {
      watchers.add(callback);
      open.forEach((contactId) => callback(contact(contactId, "voice")));
      return { unsubscribe: () => watchers.delete(callback) };
    },
    onViewContact: () => ({ unsubscribe: () => undefined }),
  };
  return {
    host: new CcpHost(ports),
    connect: (contactId, type = "voice") => watchers.forEach((watcher) => watcher(contact(contactId, type))),
    clear: (contactId) => destroyed.get(contactId)?.(),
  };
}

describe.each([
  ["the agent workspace", workspace],
  ["a CCP page", ccp],
])("%s", (_, desktop) => {
  it("names the agent as the server does", async () => {
    expect(await desktop().host.agent()).toBe("maria");
  });

  it("says that there is no contact, when there is none", async () => {
    const reported: (string | null)[] = [];
    desktop().host.followContact((contactId) => reported.push(contactId));
    await settled();
    expect(reported).toEqual([null]);
  });

  it("tells the contact that was there before the panel", async () => {
    const reported: (string | null)[] = [];
    desktop(["early"]).host.followContact((contactId) => reported.push(contactId));
    await settled();
    expect(reported.at(-1)).toBe("early");
  });

  it("follows from contact to contact, through after-call work, until it is cleared", async () => {
    const reported: (string | null)[] = [];
    const { host, connect, clear } = desktop();
    host.followContact((contactId) => reported.push(contactId));
    await settled();
    connect("one");
    connect("two");
    clear("two");
    clear("one");
    await settled();
    expect(reported).toEqual([null, "one", "two", "one", null]);
  });

  it("follows a chat as it does a call", async () => {
    const reported: (string | null)[] = [];
    const { host, connect } = desktop();
    host.followContact((contactId) => reported.push(contactId));
    await settled();
    connect("written", "chat");
    expect(reported).toEqual([null, "written"]);
  });

  it("does not follow tasks", async () => {
    const reported: (string | null)[] = [];
    const { host, connect } = desktop();
    host.followContact((contactId) => reported.push(contactId));
    await settled();
    connect("to do", "task");
    expect(reported).toEqual([null]);
  });

  it("tells no more once it is stopped", async () => {
    const reported: (string | null)[] = [];
    const { host, connect } = desktop();
    const followed = host.followContact((contactId) => reported.push(contactId));
    await settled();
    if (followed.known) followed.stop();
    connect("later");
    expect(reported).toEqual([null]);
  });
});

describe("stand-alone", () => {
  const host = (page: string) => new StandaloneHost({ channel: "appsync", graphqlUrl: "x", realtimeUrl: "x", agent: "maria" }, new URL(page));

  it("shows the contact that the address names", () => {
    const reported: (string | null)[] = [];
    expect(host("http://x.test/?contact=c-1").followContact((contactId) => reported.push(contactId)).known).toBe(true);
    expect(reported).toEqual(["c-1"]);
  });

  it("leaves it to the server's assignments otherwise", async () => {
    expect(host("http://x.test/").followContact(() => undefined).known).toBe(false);
    expect(await host("http://x.test/").agent()).toBe("maria");
  });
});

it("an app that the workspace opened for one contact stays with it", async () => {
  const reported: (string | null)[] = [];
  const ports = { agent: { getARN: () => Promise.resolve(ARN) }, contacts: {} as WorkspacePorts["contacts"], scopedTo: "c-9" };
  new WorkspaceHost(ports).followContact((contactId) => reported.push(contactId));
  await settled();
  expect(reported).toEqual(["c-9"]);
});
