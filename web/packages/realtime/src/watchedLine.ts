import type { Operation } from "@sotto/api";
import type { LinkState, Listener, Realtime } from "./channel";
import type { Clock } from "./clock";

export interface WatchedLinePorts {
  clock: Clock;
  /** Asks for something small from where the panel itself came from: any answer says that the network is there. */
  reach: () => Promise<unknown>;
}

/** A call is rarely without an interim for longer. With `ANSWER_MS` a cut line shows in less than 3 s. */
const QUIET_MS = 1_200;
const ANSWER_MS = 1_500;
/** How often a line that does not answer is asked again. */
const AGAIN_MS = 1_000;

/**
 * A line whose silence is looked into while a call is on. A socket does not notice a cable that was pulled or a train that
 * entered a tunnel; the server's own keep-alive comes once a minute, and asking the server itself would cost a function's run
 * for every pause of every call.
 */
export class WatchedLine implements Realtime {
  private state: LinkState = "stopped";
  private isSilent = false;
  private isAttended = false;
  /** Counts the questions, so that an answer to an earlier one is told from the latest. */
  private asked = 0;
  /** Questions without an answer since something was heard. */
  private failures = 0;
  private cancel: () => void = () => undefined;
  private readonly watchers = new Set<(state: LinkState) => void>();

  constructor(
    private readonly link: Realtime,
    private readonly ports: WatchedLinePorts,
  ) {
    link.watch((state) => this.entered(state));
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.attend(false);
    this.link.stop();
  }

  wake(): void {
    this.link.wake();
    if (this.isSilent) this.ask();
  }

  probe(): void {
    this.link.probe();
  }

  watch(watcher: (state: LinkState) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.shown);
    return () => this.watchers.delete(watcher);
  }

  subscribe<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables, listener: Listener<Result>): () => void {
    const onData = (data: Result) => {
      this.onReceived();
      listener.onData(data);
    };
    return this.link.subscribe(operation, variables, { ...listener, onData });
  }

  /** While a call is on, somebody speaks most of the time, and a silence is worth a question. */
  attend(isOnCall: boolean): void {
    if (this.isAttended === isOnCall) return;
    this.isAttended = isOnCall;
    // A line that was found silent is being asked already.
    if (this.isSilent) return;
    if (isOnCall) this.onReceived();
    else this.rest();
  }

  /** The browser says that there is no network; whoever still hears something is told otherwise by that. */
  cut(): void {
    if (this.isSilent) return;
    this.become(true);
    this.askAgain();
  }

  private entered(state: LinkState): void {
    const isNew = state === "open" && this.state !== "open";
    this.state = state;
    if (state !== "open") this.isSilent = false;
    for (const watcher of this.watchers) watcher(this.shown);
    if (isNew) this.onReceived();
    else if (state !== "open") this.rest();
  }

  private get shown(): LinkState {
    return this.state === "open" && this.isSilent ? "silent" : this.state;
  }

  private onReceived(): void {
    this.asked += 1;
    this.failures = 0;
    this.become(false);
    this.cancel();
    if (this.isAttended && this.state === "open") this.cancel = this.ports.clock.after(QUIET_MS, () => this.ask());
  }

  private rest(): void {
    this.asked += 1;
    this.cancel();
  }

  private ask(): void {
    const question = (this.asked += 1);
    this.cancel();
    this.cancel = this.ports.clock.after(ANSWER_MS, () => this.isLatest(question) && this.become(true));
    this.ports.reach().then(
      () => this.isLatest(question) && this.answered(),
      () => this.isLatest(question) && this.failed(),
    );
  }

  /** A late answer to the only question is a slow line; one after others failed is a line that was cut, and the socket may be dead. */
  private answered(): void {
    const wasCut = this.failures > 0;
    this.onReceived();
    if (wasCut) this.link.probe();
  }

  private failed(): void {
    this.failures += 1;
    this.become(true);
    this.askAgain();
  }

  private askAgain(): void {
    this.failures = Math.max(1, this.failures);
    this.cancel();
    this.cancel = this.ports.clock.after(AGAIN_MS, () => this.ask());
  }

  private isLatest(question: number): boolean {
    return question === this.asked;
  }

  private become(isSilent: boolean): void {
    if (this.isSilent === isSilent) return;
    this.isSilent = isSilent;
    for (const watcher of this.watchers) watcher(this.shown);
  }
}
