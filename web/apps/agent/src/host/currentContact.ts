/**
 * The contact that the agent is working on: the one looked at last, until it is cleared. After-call work belongs to the
 * contact, so an ended contact stays until the desktop clears it.
 */
export class CurrentContact {
  private readonly open: string[] = [];
  private reported: string | null | undefined;

  constructor(private readonly onContact: (contactId: string | null) => void) {}

  /** The contact came, or the agent turned to it. */
  select(contactId: string): void {
    this.remove(contactId);
    this.open.push(contactId);
    this.report();
  }

  /** The agent had this one before the panel was there; it does not push a later one aside. */
  addOpen(contactId: string): void {
    if (!this.open.includes(contactId)) this.open.unshift(contactId);
    this.report();
  }

  clear(contactId: string): void {
    this.remove(contactId);
    this.report();
  }

  /** Reports the current contact, also when there is none. */
  report(): void {
    const current = this.open.at(-1) ?? null;
    if (current === this.reported) return;
    this.reported = current;
    this.onContact(current);
  }

  private remove(contactId: string): void {
    const place = this.open.indexOf(contactId);
    if (place >= 0) this.open.splice(place, 1);
  }
}

/** The agent's id: what stands last in the ARN, as the server keeps it. */
export function agentOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
