import { Command, InvalidArgumentError, Option } from "commander";
import {
  breakGlass,
  MAX_BREAK_GLASS_HOURS,
  type GlassTarget,
} from "../../src/access/address-rules/break-glass.ts";
import { holdOffSessionRules } from "../../src/access/session-rules/hold-off-session-rules.ts";
import type { Context } from "../../src/context.ts";

type Options = {
  app?: string;
  account?: string;
  person?: string;
  reason: string;
  hours: number;
  json?: boolean;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * `sallyport break-glass`: holds address rules off for some hours. For the operator, on the server,
 * when a list keeps out a back end that must work.
 */
export function breakGlassCommand(open: () => Promise<Context>): Command {
  return new Command("break-glass")
    .description(
      "Hold the address rules of one app or service account off; it is on record, and the owners are told",
    )
    .addOption(
      new Option("--app <id>", "the app: its list and every list below it")
        .argParser(readId)
        .conflicts("account"),
    )
    .addOption(
      new Option("--account <id>", "the service account: its list and its keys' lists").argParser(
        readId,
      ),
    )
    .addOption(
      new Option("--person <id>", "a person: the list that binds their own sessions")
        .argParser(readId)
        .conflicts(["app", "account"]),
    )
    .requiredOption("--reason <text>", "why; the owners read it")
    .option("--hours <number>", `for how long, at most ${MAX_BREAK_GLASS_HOURS}`, readHours, 1)
    .option("--json", "one line of JSON instead of text")
    .action(async (options: Options, command: Command) => {
      if (options.person !== undefined) return await forPerson(options.person, options, open);
      const target = targetOf(options, command);
      const { endsAt, description } = await breakGlass(await open(), { target, ...options });
      const until = endsAt.toISOString();
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ ...target, heldOffUntil: until })}\n`
          : `The address rules of ${description} are held off until ${until}. The owners were told.\n`,
      );
    });
}

async function forPerson(
  accountId: string,
  { reason, hours, json }: Options,
  open: () => Promise<Context>,
): Promise<void> {
  const { endsAt } = await holdOffSessionRules(await open(), { accountId, reason, hours });
  const until = endsAt.toISOString();
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ personId: accountId, heldOffUntil: until })}\n`
      : `The addresses that bind the person's sessions are held off until ${until}. The person was told.\n`,
  );
}

function targetOf({ app, account }: Options, command: Command): GlassTarget {
  if (app !== undefined) return { appId: app };
  if (account !== undefined) return { accountId: account };
  return command.error(
    "error: name an app (--app), a service account (--account) or a person (--person)",
  );
}

function readId(text: string): string {
  if (!UUID.test(text)) throw new InvalidArgumentError("An id is a UUID in lower case.");
  return text;
}

function readHours(text: string): number {
  const hours = Number(text);
  if (!(hours > 0 && hours <= MAX_BREAK_GLASS_HOURS))
    throw new InvalidArgumentError(`More than 0 and at most ${MAX_BREAK_GLASS_HOURS}.`);
  return hours;
}
