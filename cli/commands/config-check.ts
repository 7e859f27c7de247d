import { Command } from "commander";
import { readConfig } from "../../src/config.ts";
import { settings } from "../../src/contract/platform/settings.ts";

/** `sallyport config-check`: says whether Sallyport would start with these settings; opens nothing. */
export function configCheckCommand(env: NodeJS.ProcessEnv): Command {
  return new Command("config-check")
    .description("Check the settings in the environment, all of them at once, without starting")
    .option("--json", "one line of JSON instead of text")
    .action(({ json }: { json?: boolean }) => {
      const config = readConfig(env);
      const given = Object.keys(settings).filter((name) => env[name] || env[`${name}_FILE`]);
      const facts = {
        publicUrl: config.publicUrl.origin,
        listens: `${config.host}:${config.port}`,
        database: config.databaseUrl === undefined ? `embedded, in ${config.dataDir}` : "external",
        mail: config.smtpUrl === undefined ? "sandbox" : `sent as ${config.mailFrom.address}`,
        roles: config.roles,
        set: given,
      };
      process.stdout.write(json === true ? `${JSON.stringify(facts)}\n` : textOf(facts));
    });
}

function textOf(facts: Record<string, string | readonly string[]>): string {
  const lines = Object.entries(facts).map(
    ([name, value]) =>
      `  ${name.padEnd(11)}${typeof value === "string" ? value : value.join(", ")}`,
  );
  return `The settings are right.\n${lines.join("\n")}\n`;
}
