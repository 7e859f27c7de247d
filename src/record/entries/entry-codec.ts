import type { Entry, EntryTarget, ErasedPart } from "./entry.ts";

/*
 * A batch's payload is UTF-8 text, one part a line; a line's first character is the part's kind. JSON
 * text holds no line break, so lines need no escaping, and a part's bytes stay exactly those that
 * proofs commit to (never rebuilt from jsonb, which reorders keys). Each entry begins with its core:
 *
 *   c  core: no personal data           x  context: address and user agent, the actor's
 *   a  actor: who, with what credential d  change: before and after
 *   t  target, one for each
 *
 * Of a part that was erased its kind alone is left; where the core was, nothing of the entry is (record/erasure).
 */

/** Longest change kept whole, bytes; a longer one says so. Keeps one request from filling the disk. */
const MAX_CHANGE_BYTES = 32 * 1024;

type Core = {
  at: string;
  action: string;
  outcome: string;
  reason?: string | undefined;
  organisation?: string | undefined;
  app?: string | undefined;
  request: string;
  count?: number | undefined;
  reported?: string | undefined;
  reportedAt?: string | undefined;
};

/** The entry as lines of parts, without the final line break. */
export function encodeEntry(entry: Entry): string {
  const core: Core = {
    at: entry.at.toISOString(),
    action: entry.action,
    outcome: entry.outcome,
    reason: entry.reason,
    organisation: entry.organisationId?.toLowerCase(),
    app: entry.appId?.toLowerCase(),
    request: entry.requestId,
    count: entry.count,
    reported: entry.reportedAction,
    reportedAt: entry.reportedAt?.toISOString(),
  };
  const { kind, accountId, credentialId, name } = entry.actor;
  let text = `c${JSON.stringify(core)}\na${JSON.stringify({ kind, account: accountId, credential: credentialId, name })}`;
  for (const target of entry.targets ?? [])
    text += `\nt${JSON.stringify({ type: target.type, id: target.id, account: target.accountId })}`;
  text += `\nx${JSON.stringify({ address: entry.address, userAgent: entry.userAgent })}`;
  if (entry.change !== undefined) text += `\nd${encodeChange(entry.change)}`;
  return text;
}

function encodeChange({ before, after }: { before?: unknown; after?: unknown }): string {
  try {
    const text = JSON.stringify({ before, after });
    const sizeBytes = Buffer.byteLength(text);
    return sizeBytes <= MAX_CHANGE_BYTES ? text : JSON.stringify({ tooLarge: true, sizeBytes });
  } catch (error) {
    // Nested deeper than the stack: what a caller sent must not keep its call off the record.
    if (error instanceof RangeError) return JSON.stringify({ tooLarge: true });
    throw error;
  }
}

/** Entries of a payload in their order, without those of which nothing is left. @throws {Error} when the payload is not one of ours. */
export function decodeEntries(payload: Buffer): Entry[] {
  return [...decodeWanted(payload, () => true).values()];
}

/**
 * The wanted entries by position; the others are not even parsed.
 *
 * @param isWanted gets an entry's position and its text, as in the payload.
 * @throws {Error} as `decodeEntries` does.
 */
export function decodeWanted(
  payload: Buffer,
  isWanted: (position: number, text: string) => boolean,
): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  const text = payload.toString("utf8");
  if (text === "") return entries;
  if (!text.startsWith("c")) throw new Error("a payload begins with a core");
  // No part but a core begins with c, and no part holds a line break.
  for (const [position, parts] of text.slice(1).split("\nc").entries())
    if (!isErased(parts) && isWanted(position, parts)) entries.set(position, decodeEntry(parts));
  return entries;
}

/** Of a core that is there, the first character is that of its JSON. */
const isErased = (parts: string): boolean => parts === "" || parts.startsWith("\n");

/** @param parts an entry's lines, without the first one's kind. */
function decodeEntry(parts: string): Entry {
  const [core = "", ...others] = parts.split("\n");
  const entry = fromCore(JSON.parse(core) as Core);
  for (const line of others) {
    const kind = line.charAt(0);
    if (line.length === 1) noteErased(entry, kind);
    else addPart(entry, kind, JSON.parse(line.slice(1)));
  }
  return entry;
}

const erasedParts: Readonly<Record<string, ErasedPart>> = {
  a: "actor",
  t: "target",
  x: "context",
  d: "change",
};

function noteErased(entry: Entry, kind: string): void {
  const part = erasedParts[kind];
  if (part === undefined) throw new Error(`unknown part ${kind}`);
  entry.erased = [...new Set([...(entry.erased ?? []), part])];
  if (part === "actor") entry.actor = { kind: "erased", accountId: null, credentialId: null };
}

function fromCore(core: Core): Entry {
  return {
    at: new Date(core.at),
    action: core.action as Entry["action"],
    outcome: core.outcome as Entry["outcome"],
    reason: core.reason,
    organisationId: core.organisation,
    appId: core.app,
    requestId: core.request,
    count: core.count,
    reportedAction: core.reported,
    reportedAt: core.reportedAt === undefined ? undefined : new Date(core.reportedAt),
    actor: { kind: "stranger", accountId: null, credentialId: null },
    targets: [],
    address: null,
    userAgent: "",
  };
}

function addPart(entry: Entry, kind: string, part: unknown): void {
  switch (kind) {
    case "a": {
      const actor = part as {
        kind: Entry["actor"]["kind"];
        account: string | null;
        credential: string | null;
        name?: string;
      };
      entry.actor = {
        kind: actor.kind,
        accountId: actor.account,
        credentialId: actor.credential,
        ...(actor.name !== undefined && { name: actor.name }),
      };
      return;
    }
    case "t": {
      const target = part as { type: string; id: string; account?: string };
      const known: EntryTarget = { type: target.type, id: target.id, accountId: target.account };
      entry.targets = [...(entry.targets ?? []), known];
      return;
    }
    case "x": {
      const context = part as { address: string | null; userAgent: string };
      entry.address = context.address;
      entry.userAgent = context.userAgent;
      return;
    }
    case "d":
      entry.change = part as { before?: unknown; after?: unknown };
      return;
    default:
      throw new Error(`unknown part ${kind}`);
  }
}
