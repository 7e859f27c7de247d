import { Command } from "commander";
import { readConfig } from "../../src/config.ts";
import { demoCode } from "../../src/demo/demo-logins.ts";
import { DEMO_DATA_DIR, readDemoState } from "../../src/demo/demo-state.ts";
import { StartError } from "../../src/start/start-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `sallyport demo-code`: what the authenticator app of one of the demo's people shows now. It reads the
 * demo's own file, and knows of nobody else.
 */
export function demoCodeCommand(env: Environment): Command {
  return new Command("demo-code")
    .description("Show a second-factor code of the demo company (npm start -- --demo)")
    .argument("[address]", "whose; left out: the owner's whom the start names first")
    .option("--json", "one line of JSON instead of text")
    .action(async (address: string | undefined, { json }: { json?: boolean }) => {
      const dataDir = env["SALLYPORT_DATA_DIR"] || DEMO_DATA_DIR;
      const config = readConfig({ ...env, SALLYPORT_DATA_DIR: dataDir });
      const login = await findLogin(config.dataDir, address);
      const { code, seconds } = demoCode(login, Date.now());
      process.stdout.write(
        json === true
          ? `${JSON.stringify({ email: login.email, code, seconds })}\n`
          : `${code}  ${login.email}, for ${seconds} s. Each code works once.\n`,
      );
    });
}

async function findLogin(dataDir: string, address: string | undefined) {
  const demo = await readDemoState(dataDir);
  if (demo?.state !== "ready")
    throw new StartError(`There is no demo in ${dataDir}. Make it with: npm start -- --demo`);
  const login = demo.people.find(({ email }) => address === undefined || email === address);
  if (login === undefined)
    throw new StartError(
      `Nobody in the demo has the address ${address}. There are: ${demo.people.map(({ email }) => email).join(", ")}`,
    );
  return login;
}
