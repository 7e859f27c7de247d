import { settings } from "../../src/contract/platform/settings.ts";

const HEAD = `# Settings

<!-- Made by npm run generate from src/contract/platform/settings.ts. -->

Sallyport reads its settings from the environment and from nowhere else. Without any it runs on this machine
for a try: its own database, mail in a sandbox. \`npm run -s sallyport -- config-check\` says whether it would
start with what is set; a start tells every fault at once and ends with 78. An unknown \`SALLYPORT_…\` is a
fault too: it is a spelling mistake. Set to nothing counts as not set.

A *secret* may stand in a file instead: \`NAME_FILE\` names it.
`;

/** docs/settings.md: every setting, its default and an example. */
export function settingsDoc(): string {
  const rows = Object.entries(settings).map(
    ([name, { description, default: given, example, isSecret }]) =>
      `| \`${name}\`${isSecret ? " (secret)" : ""} | ${cell(description)} | ${given === "" ? "none" : `\`${given}\``} | ${exampleOf(example)} |`,
  );
  return `${HEAD}
| setting | meaning | default | example |
|---|---|---|---|
${rows.join("\n")}

How Sallyport is started, stopped, backed up and watched: [running](running.md).
`;
}

/** A line of the table cannot hold these. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

/** A sentence says where the value comes from; anything else is the value. */
const exampleOf = (text: string): string =>
  text.startsWith("the ") ? cell(text) : `\`${text.replaceAll("|", "\\|")}\``;
