import type { LogEntry } from "../../contract/record/entries.ts";
import type { Place } from "./place.ts";

/** By outcome, 0 to 10. */
const severities: Readonly<Record<string, number>> = { done: 3, refused: 5, failed: 7 };

/** The event as ArcSight's Common Event Format 0. It holds less than the entry: targets and changes have no place. */
export function toCef(entry: LogEntry, { leaf }: Place): string {
  const { actor, credential } = entry;
  const extension: [key: string, value: string | number | null | undefined][] = [
    ["rt", Date.parse(entry.at)],
    ["act", entry.action],
    ["outcome", entry.outcome],
    ["reason", entry.reason],
    ["externalId", entry.id],
    ["suid", actor.accountId],
    ["suser", actor.displayName],
    ["src", entry.address],
    ["requestClientApplication", entry.userAgent],
    ["duid", entry.targets.find(({ accountId }) => accountId !== undefined)?.accountId],
    ["cn1", leaf],
    ["cn1Label", "leaf"],
    ["cs1", credential?.id],
    ["cs1Label", credential === null ? null : "credential"],
    ["cs2", entry.app?.id],
    ["cs2Label", entry.app === null ? null : "app"],
    ["cs3", entry.requestId],
    ["cs3Label", "requestId"],
    ["cnt", entry.count],
  ];
  const told = extension
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([key, value]) => `${key}=${inExtension(String(value))}`);
  const head = ["Sallyport", "Sallyport", "1", entry.action, entry.action].map(inHeader);
  return `CEF:0|${head.join("|")}|${severities[entry.outcome] ?? 3}|${told.join(" ")}`;
}

const inHeader = (text: string): string =>
  text.replaceAll(/[\\|]/g, String.raw`\$&`).replaceAll(/[\r\n]/g, " ");

const inExtension = (text: string): string =>
  text
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
