/** Clocks that evidence ties together. */
export class ClockGroups {
  readonly #parents = new Map<string, string>();

  /** Puts two clocks, and all that are tied to them, in one group. */
  tie(a: string, b: string): void {
    this.#parents.set(this.#root(a), this.#root(b));
  }

  /** Whether two clocks are in one group. */
  areTied(a: string, b: string): boolean {
    return this.#root(a) === this.#root(b);
  }

  #root(id: string): string {
    let root = id;
    for (let next = this.#parents.get(root); next !== undefined && next !== root;) {
      root = next;
      next = this.#parents.get(root);
    }
    return root;
  }
}
