/** What a text's places are filled with. One whose name ends in `At` is an instant (RFC 3339). */
export type Params = Readonly<Record<string, string | number>>;

/** Fills `{{name}}`; a place that nothing is known for stays, so that a test finds it. */
function fillText(text: string, params: Params): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (place, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : place,
  );
}

/**
 * The text of a key, filled. One that depends on a count stands under `key_one` and `key_other`, as i18next
 * has it in the panel, so that both read the same files.
 *
 * @returns undefined when there is no such key.
 */
export function textOf(
  texts: Readonly<Record<string, string>>,
  key: string,
  { params = {}, language }: { params?: Params | undefined; language: string },
): string | undefined {
  const text = chosenText(texts, key, { count: params["count"], language });
  return text === undefined ? undefined : fillText(text, params);
}

/** The same with its places still open. */
export function chosenText(
  texts: Readonly<Record<string, string>>,
  key: string,
  { count, language }: { count: unknown; language: string },
): string | undefined {
  const counted =
    typeof count === "number" ? texts[`${key}_${rulesOf(language).select(count)}`] : undefined;
  return counted ?? texts[key];
}

const rules = new Map<string, Intl.PluralRules>();

function rulesOf(language: string): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}
