import type { Entry } from "../entries/entry.ts";
import { foldText, isId, type TextField } from "./text-tokens.ts";

/** What of an entry is searched as text: as filed, or as its reader sees it. */
type Said = Pick<
  Entry,
  "action" | "outcome" | "reason" | "reportedAction" | "requestId" | "change"
> & {
  actor: Pick<Entry["actor"], "accountId" | "name">;
  credentialId: string | null;
  address: string | null;
  userAgent: string | null;
  appId?: string | null | undefined;
  targets?: Entry["targets"];
};

/** Its text, folded: all of it, the names of accounts and apps aside. */
export function textFields(said: Said): TextField[] {
  const { actor, targets = [], change } = said;
  const texts = [
    said.action,
    said.outcome,
    said.reason,
    said.reportedAction,
    said.address,
    said.userAgent,
    actor.name,
    ...targets.map(({ type }) => type),
    change === undefined ? undefined : JSON.stringify(change),
  ];
  const ids = [
    said.requestId,
    said.appId,
    actor.accountId,
    said.credentialId,
    ...targets.flatMap(({ id, accountId }) => [id, accountId]),
  ];
  return [
    ...texts.map((text) => toField(text, false)),
    ...ids.map((id) => toField(id, true)),
  ].filter((field) => field !== null);
}

function toField(value: string | null | undefined, mayBeId: boolean): TextField | null {
  if (typeof value !== "string" || value === "") return null;
  return { text: foldText(value), isId: mayBeId && isId(value) };
}
