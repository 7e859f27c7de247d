/** What was typed, a network a line; blank lines do not count. */
export const toEntries = (text: string): { cidr: string }[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((cidr) => ({ cidr }));

export const toText = (entries: readonly { cidr: string }[]): string =>
  entries.map(({ cidr }) => cidr).join("\n");

/** One more line below what was typed. */
export const withLine = (text: string, cidr: string): string =>
  toText([...toEntries(text), { cidr }]);

/** The line that a pointer into the entries means. */
export const lineAt = (text: string, pointer: string): string =>
  toEntries(text)[Number(/^\/entries\/(\d+)/.exec(pointer)?.[1])]?.cidr ?? "";
