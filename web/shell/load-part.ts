import { Unreachable } from "../api/client.ts";

/** The panel was built anew since this page was opened: its parts have other names by now. */
export class PanelUpdated extends Error {
  override readonly name = "PanelUpdated";
}

/**
 * Fetches a part of the panel when it is first needed.
 *
 * @throws {PanelUpdated} when loading the page anew brings it; {Unreachable} when nobody answers.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    throw (await isOutdated()) ? new PanelUpdated("another build", { cause: error }) : error;
  }
}

/** Whether the server's page begins with another script than this one did. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"]');
  const reply = await fetch("/").catch((error: unknown) => {
    throw new Unreachable("no answer", { cause: error });
  });
  if (!reply.ok || own === null) return false;
  return !(await reply.text()).includes(new URL(own.src).pathname);
}
