/** Which numbers of a sequence 1, 2, 3... have arrived: tells new from doubled, and where the first hole is. */
export class Sequence {
  private settled = 0;
  private highest = 0;
  private readonly ahead = new Set<number>();

  /** True the first time that `seq` is seen. */
  accept(seq: number): boolean {
    if (seq <= this.settled || this.ahead.has(seq)) return false;
    this.ahead.add(seq);
    this.highest = Math.max(this.highest, seq);
    while (this.ahead.delete(this.settled + 1)) this.settled += 1;
    return true;
  }

  /** Everything up to here has arrived; ask for what comes after it. */
  get complete(): number {
    return this.settled;
  }

  get hasGap(): boolean {
    return this.highest > this.settled;
  }

  /** The server no longer has what is missing up to `seq` (it expired); waiting for it would never end. */
  skipTo(seq: number): void {
    for (const known of this.ahead) if (known <= seq) this.ahead.delete(known);
    this.settled = Math.max(this.settled, seq);
    while (this.ahead.delete(this.settled + 1)) this.settled += 1;
  }
}
