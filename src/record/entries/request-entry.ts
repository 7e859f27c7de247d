import type { Action } from "../../contract/actions.ts";
import type { Context, Principal } from "../../context.ts";
import type { Entry, EntryActor, EntryOutcome } from "./entry.ts";

export function actorOf(principal: Principal): EntryActor {
  switch (principal.kind) {
    case "session":
      return { kind: "session", accountId: principal.accountId, credentialId: principal.sessionId };
    case "api-key":
      return { kind: "api-key", accountId: principal.accountId, credentialId: principal.keyId };
    case "operator-key":
      return { kind: "operator-key", accountId: null, credentialId: principal.keyId };
    case "stranger":
      return { kind: "stranger", accountId: null, credentialId: null };
    case "system":
      return { kind: "system", accountId: null, credentialId: principal.name };
  }
}

/** The entry of a request that changed nothing: a read, a refusal, a failure. */
export function requestEntry(
  ctx: Context,
  {
    action,
    outcome,
    reason,
  }: { action: Action; outcome: EntryOutcome; reason?: string | undefined },
): Entry {
  return {
    at: ctx.now(),
    action,
    outcome,
    ...ctx.notes,
    reason: ctx.notes.reason ?? reason,
    actor: actorOf(ctx.principal),
    address: ctx.origin.address,
    userAgent: ctx.origin.userAgent,
    requestId: ctx.origin.requestId,
  };
}
