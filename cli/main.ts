import { Command } from "commander";
import { ConfigError, readConfig } from "../src/config.ts";
import { EmbeddedPostgresError } from "../src/platform/db/embedded/embedded-error.ts";
import { createLogger } from "../src/platform/log/create-logger.ts";
import { ProblemError } from "../src/problem-error.ts";
import { EXIT_CONFIG, StartError } from "../src/start/start-error.ts";
import { breakGlassCommand } from "./commands/break-glass.ts";
import { configCheckCommand } from "./commands/config-check.ts";
import { demoCodeCommand } from "./commands/demo-code.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { operatorAddCommand } from "./commands/operator-add.ts";
import { verifyCompletenessCommand } from "./commands/verify-completeness.ts";
import { verifyLeaversReceiptCommand } from "./commands/verify-leavers-receipt.ts";
import { verifyEntryCommand } from "./commands/verify-entry.ts";
import { verifyReceiptCommand } from "./commands/verify-receipt.ts";
import { verifyCommand } from "./commands/verify.ts";
import { installationOf, type Installation } from "./open-installation.ts";

const log = createLogger({ isPretty: process.stderr.isTTY });
let installation: Installation | undefined;

/** Settings are read when a command needs them: help and config-check come without. */
function installed(): Installation {
  installation ??= installationOf(readConfig(process.env), log);
  return installation;
}

const openContext = () => installed().openContext();

const program = new Command("sallyport")
  .description("Works on the installation that the settings in the environment name")
  .addHelpText(
    "after",
    `\nExit codes: 0 done, 1 refused or failed, ${EXIT_CONFIG} the settings are not right.`,
  )
  .addCommand(configCheckCommand(process.env))
  .addCommand(migrateCommand(() => installed().openDatabase()))
  .addCommand(operatorAddCommand(openContext))
  .addCommand(breakGlassCommand(openContext))
  .addCommand(verifyCommand())
  .addCommand(verifyEntryCommand())
  .addCommand(verifyReceiptCommand(() => new Date()))
  .addCommand(verifyCompletenessCommand())
  .addCommand(verifyLeaversReceiptCommand())
  .addCommand(demoCodeCommand(process.env));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
} finally {
  await installation?.close();
}

/** @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof ConfigError || error instanceof StartError) {
    process.stderr.write(`${error.message}\n`);
    return error instanceof StartError ? error.exitCode : EXIT_CONFIG;
  }
  if (error instanceof ProblemError) {
    const fields = error.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`);
    process.stderr.write(`${fields?.join("\n") ?? error.detail ?? error.message}\n`);
  } else if (error instanceof EmbeddedPostgresError) process.stderr.write(`${error.message}\n`);
  else log.error({ err: error }, "the command failed");
  return 1;
}
