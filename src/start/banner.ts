import type { Config } from "../config.ts";

export type BannerOptions = {
  config: Config;
  isEmbedded: boolean;
  claimLink: string | undefined;
  seconds: number;
};

/** What a person sees once Sallyport serves. On standard output and nowhere else: the link opens everything. */
export function banner({ config, isEmbedded, claimLink, seconds }: BannerOptions): string {
  const facts: [string, string][] = [["Open", config.publicUrl.origin]];
  if (config.smtpUrl === undefined)
    facts.push(["Mail", `${config.publicUrl.origin}/sandbox/mail (no mail server is set)`]);
  if (isEmbedded) facts.push(["Data", config.dataDir]);
  facts.push(["Stop", "Ctrl+C"]);
  const isWeb = config.roles.includes("web");
  const lines = [
    `Sallyport is ready (${config.roles.join(", ")}; ${seconds.toFixed(1)} s)`,
    ...(isWeb ? facts : facts.slice(-1)).map(([name, value]) => `  ${name.padEnd(6)}${value}`),
  ];
  if (claimLink !== undefined)
    lines.push(
      "",
      "Nobody runs this installation yet. Whoever opens this link first becomes its operator;",
      "it is good for 24 hours, and each start makes a new one:",
      `  ${claimLink}`,
    );
  return `\n${lines.join("\n")}\n\n`;
}
