import type { Db } from "../../platform/db/db.ts";
import { parseEntryId } from "../entries/batch.ts";
import { asListedText } from "../entries/storable.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { idTerm, networkTerm, termOf, type TermKind } from "./terms.ts";
import { isId, tokensOf } from "./text-tokens.ts";
import { findWords, MAX_WORDS, type Piece } from "./word-queries.ts";

/** Of each group, an entry has at least one term. */
export type TermGroups = readonly (readonly number[])[];

type EntryPlace = { writer: number; number: number; position: number };

/** Entries that may fit have the terms of one of the alternatives, or stand at the place: the text is their id. */
export type Sought = { alternatives: readonly TermGroups[]; place: EntryPlace | null };

/** Null: terms tell nothing of what the filter asks for, and entries have to be gone through. */
export async function soughtBy(db: Db, filter: EntryFilter): Promise<Sought | null> {
  const groups = columnGroups(filter);
  const texts = filter.text === undefined ? [[]] : await textAlternatives(db, filter.text);
  if (texts.some((text) => text.length + groups.length === 0)) return null;
  const place = filter.text === undefined ? null : parseEntryId(filter.text);
  return { alternatives: texts.map((text) => [...groups, ...text]), place };
}

function columnGroups(filter: EntryFilter): number[][] {
  const groups: number[][] = [];
  const add = (kind: TermKind, values: readonly string[] | undefined): void => {
    if (values !== undefined) groups.push(values.map((value) => termOf(kind, asListedText(value))));
  };
  if (filter.actions !== undefined)
    groups.push([
      ...filter.actions.map((action) => termOf("action", action)),
      ...(filter.actionPrefixes ?? []).map((prefix) => termOf("noun", prefix)),
    ]);
  add("outcome", filter.outcomes);
  add("reason", filter.reasons);
  add("actor", filter.actorIds);
  for (const ids of [filter.personIds, filter.credentialIds, filter.appIds, filter.requestIds])
    if (ids !== undefined) groups.push(ids.map(idTerm));
  const networks = filter.cidrs?.map(networkTerm);
  if (networks !== undefined && networks.every((term) => term !== null)) groups.push(networks);
  return groups;
}

/** An empty one: the text tells nothing that could be looked for. */
async function textAlternatives(db: Db, text: string): Promise<TermGroups[]> {
  const alternatives: TermGroups[] = [];
  const byWords = await wordGroups(db, text);
  if (byWords !== null) alternatives.push(byWords);
  if (isId(text)) alternatives.push([[termOf("id", text)]]);
  return alternatives;
}

/** Null: a piece of it stands in no word. */
async function wordGroups(db: Db, text: string): Promise<TermGroups | null> {
  const groups: number[][] = [];
  for (const { text: part, start, end, isOpaque } of tokensOf(text)) {
    if (isOpaque) {
      groups.push([termOf("id", part)]);
      continue;
    }
    const piece: Piece = { text: part, mayBegin: start === 0, mayEnd: end === text.length };
    const words = await findWords(db, piece);
    if (words.length === 0) return null;
    if (words.length <= MAX_WORDS) groups.push(words);
  }
  return groups;
}
