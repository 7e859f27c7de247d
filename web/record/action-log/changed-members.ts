/** One thing that differs; undefined: it was not there. */
export type ChangedMember = { path: string; before: string | undefined; after: string | undefined };

/** What differs between before and after, member by member, in their order; what stayed is left out. */
export function changedMembers(change: unknown): ChangedMember[] {
  const { before, after } = (change ?? {}) as { before?: unknown; after?: unknown };
  const [was, is] = [flatten(before), flatten(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((member) => member.before !== member.after);
}

function flatten(value: unknown, path = "", found = new Map<string, string>()) {
  if (value === undefined || value === null) return found;
  if (typeof value === "object" && !Array.isArray(value))
    for (const [name, member] of Object.entries(value))
      flatten(member, path === "" ? name : `${path} · ${name}`, found);
  else found.set(path, textOf(value));
  return found;
}

/** A list is a line for each; one of things with members names them: `cidr: 192.0.2.0/24, note: office`. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(itemText).join("\n") : JSON.stringify(value);
}

function itemText(item: unknown): string {
  if (typeof item === "string") return item;
  if (typeof item !== "object" || item === null || Array.isArray(item)) return JSON.stringify(item);
  return Object.entries(item)
    .filter(([, member]) => member !== "" && member !== null)
    .map(([name, member]) => `${name}: ${textOf(member)}`)
    .join(", ");
}
