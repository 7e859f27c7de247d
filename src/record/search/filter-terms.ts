import type { Db } from "../../platform/db/db.ts";
import { parseEntryId } from "../entries/batch.ts";
import { asListedText } from "../entries/storable.ts";
import type { EntryFilter } from "./entry-filter.ts";
import type { Search } from "./source.ts";
import { filedNetwork, idTerm, scopedTerm, termOf, type TermKind } from "./terms.ts";
import { isId, tokensOf } from "./text-tokens.ts";
import { findWords, MAX_WORDS, type Piece } from "./word-queries.ts";

/** Of each group, an entry has at least one term. */
export type TermGroups = readonly (readonly number[])[];

type EntryPlace = { writer: number; number: number; position: number };

/** Entries that may fit have the terms of one of the alternatives, or stand at the place: the text is their id. */
export type Sought = { alternatives: readonly TermGroups[]; place: EntryPlace | null };

/** Null: terms tell nothing of what the filter asks for, and entries have to be gone through. */
export async function soughtBy(
  db: Db,
  { scope, subjects, filter }: Pick<Search, "scope" | "subjects" | "filter">,
): Promise<Sought | null> {
  const texts = filter.text === undefined ? [[]] : await textAlternatives(db, filter.text);
  const hasColumns = columnGroups(filter, null).length > 0;
  if (texts.some((text) => text.length === 0 && !hasColumns)) return null;
  const place = filter.text === undefined ? null : parseEntryId(filter.text);
  // Of the apps in one go; of the reader's own account by what is common to all.
  const apps = subjects.filter((subject) => scope.apps.has(subject));
  const others = subjects.filter((subject) => !scope.apps.has(subject));
  const alternatives: TermGroups[] = [];
  for (const text of texts) {
    if (apps.length > 0)
      alternatives.push([apps.map(idTerm), ...columnGroups(filter, apps), ...text]);
    if (others.length > 0)
      alternatives.push([others.map(idTerm), ...columnGroups(filter, null), ...text]);
  }
  return { alternatives, place };
}

/** @param apps whose entries alone are meant; null: anybody's. */
function columnGroups(filter: EntryFilter, apps: readonly string[] | null): number[][] {
  const termsOf = (kind: TermKind, values: readonly string[] = []): number[] =>
    values.flatMap((value) =>
      apps === null
        ? [termOf(kind, asListedText(value))]
        : apps.map((app) => scopedTerm(kind, app, asListedText(value))),
    );
  const groups: number[][] = [];
  if (filter.actions !== undefined)
    groups.push([...termsOf("action", filter.actions), ...termsOf("noun", filter.actionPrefixes)]);
  if (filter.outcomes !== undefined) groups.push(termsOf("outcome", filter.outcomes));
  if (filter.reasons !== undefined) groups.push(termsOf("reason", filter.reasons));
  const networks = filter.cidrs?.map(filedNetwork);
  if (networks !== undefined && networks.every((network) => network !== null))
    groups.push(termsOf("network", networks));
  if (filter.actorIds !== undefined)
    groups.push(filter.actorIds.map((actorId) => termOf("actor", actorId)));
  for (const ids of [filter.personIds, filter.credentialIds, filter.appIds, filter.requestIds])
    if (ids !== undefined) groups.push(ids.map((id) => idTerm(asListedText(id))));
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
