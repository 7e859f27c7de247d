import { Command } from "commander";
import type { Context } from "../../src/context.ts";
import { addOperator } from "../../src/operator/claim/add-operator.ts";

/**
 * `sallyport operator add`: makes an account the operator's. For whoever holds the server, when the first
 * start's link is gone, or one more operator is needed.
 */
export function operatorAddCommand(open: () => Promise<Context>): Command {
  const add = new Command("add")
    .description("Make an account an operator; it is on record, and all operators are told")
    .requiredOption("--email <address>", "of an account that has proven it")
    .option("--json", "one line of JSON instead of text")
    .action(async ({ email, json }: { email: string; json?: boolean }) => {
      const added = await addOperator(await open(), { email });
      process.stdout.write(
        json === true
          ? `${JSON.stringify(added)}\n`
          : `${added.email} is an operator now. All operators were told.\n`,
      );
    });
  return new Command("operator").description("Who operates this installation").addCommand(add);
}
