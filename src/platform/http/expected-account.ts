import type { FastifyRequest } from "fastify";
import type { Principal } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";

/**
 * Whom the client takes itself to be: an account's id. It gives nothing to anybody; it can only refuse.
 * The panel sends it with each call of a page, because a browser has one cookie for all its tabs: what was
 * begun by one person must not be carried out for another who signed in meanwhile.
 */
const EXPECTED_ACCOUNT_HEADER = "sallyport-account";

/** @throws {ProblemError} `not-signed-in`, `another-account`: the credential is not that of the account expected. */
export function requireExpectedAccount(request: FastifyRequest, principal: Principal): void {
  const expected = request.headers[EXPECTED_ACCOUNT_HEADER];
  if (expected === undefined) return;
  if (principal.kind === "stranger") throw new ProblemError("not-signed-in");
  const accountId = "accountId" in principal ? principal.accountId : null;
  if (accountId !== expected) throw new ProblemError("another-account");
}
