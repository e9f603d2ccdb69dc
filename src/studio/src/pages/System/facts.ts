/** States of nodes and messages as the looks of states know them. */

export function nodeState(state: string): string {
  return { working: "running", draining: "waiting", left: "cancelled", dead: "lost" }[state] ?? state;
}

export function messageState(status: string): string {
  return { waiting: "queued", pending: "queued", retrying: "retrying", delivered: "completed", given_up: "failed", unwanted: "skipped" }[status] ?? status;
}

/** What the address says of the filter: f=actor:ana, f=action:approval, q for what it is about. */
export function auditAsked(search: URLSearchParams): { actor: string; action: string; about: string; unknown: readonly string[] } {
  const asked = { actor: "", action: "", about: search.get("q") ?? "", unknown: [] as string[] };
  for (const f of search.getAll("f")) {
    const [name, value] = [f.slice(0, f.indexOf(":")), f.slice(f.indexOf(":") + 1)];
    if (f.includes(":") && (name === "actor" || name === "action")) asked[name] = value;
    else asked.unknown.push(f);
  }
  return asked;
}

/** The number of the record that a verdict names: "audit record 17". */
export function recordOf(where: string | null): number | null {
  const found = /(\d+)/.exec(where ?? "");
  return found === null ? null : Number(found[1]);
}

const lets: Readonly<Record<string, readonly string[]>> = { read: ["read"], run: ["plan", "run", "operate"], vote: ["approve"], admin: ["administer"] };

/** The scopes of a key that let somebody with these rights do anything. */
export function scopesFor(rights: readonly string[]): string[] {
  return Object.keys(lets).filter((scope) => lets[scope]!.some((right) => rights.includes(right)));
}
