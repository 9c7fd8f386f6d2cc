/**
 * Which of the agent's contacts is at hand: the one looked at last, until it is cleared. After-call work belongs to the
 * contact, so an ended contact stays until the desktop clears it.
 */
export class ContactsAtHand {
  private readonly open: string[] = [];
  private told: string | null | undefined;

  constructor(private readonly onContact: (contactId: string | null) => void) {}

  /** The contact came, or the agent turned to it. */
  turnTo(contactId: string): void {
    this.remove(contactId);
    this.open.push(contactId);
    this.tell();
  }

  /** The agent had this one before the panel was there; it does not push a later one aside. */
  alreadyOpen(contactId: string): void {
    if (!this.open.includes(contactId)) this.open.unshift(contactId);
    this.tell();
  }

  clear(contactId: string): void {
    this.remove(contactId);
    this.tell();
  }

  /** Says what stands, also when nothing does. */
  tell(): void {
    const now = this.open.at(-1) ?? null;
    if (now === this.told) return;
    this.told = now;
    this.onContact(now);
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
