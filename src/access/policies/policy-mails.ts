import type { PasswordRules, RuleChange } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import { actorName } from "../service-accounts/tell-owners.ts";
import { listBound, type BoundPerson } from "./tie-queries.ts";

type Organisation = { id: string; name: string };

/** Tells members who changed it, and guests, where it gets stricter, what is asked of them and why. */
export async function tellPolicyChanged(
  tx: Tx,
  ctx: Context,
  {
    organisation,
    rules,
    change,
  }: { organisation: Organisation; rules: PasswordRules; change: RuleChange },
): Promise<void> {
  const bound = await listBound(tx, { organisationId: organisation.id, now: ctx.now() });
  const actor = await actorName(tx, ctx);
  const members = bound.filter(({ isMember }) => isMember).map(({ id }) => id);
  await tell(tx, ctx, members, {
    kind: "password-policy-changed",
    values: { organisation: organisation.name, actor },
    lines: ["what", changeLines[change], ...ruleLines(rules), "from"],
  });
  if (change !== "stricter" && change !== "both") return;
  for (const guest of bound.filter(({ isMember }) => !isMember))
    await tell(tx, ctx, guest.id, {
      kind: "password-policy-stricter",
      values: { organisation: organisation.name, app: appOf(guest) },
      lines: ["what", ...ruleLines(rules), "from"],
    });
}

const changeLines = {
  stricter: "stricter",
  "more-lenient": "lenient",
  both: "both",
  none: "same",
} as const;

type RuleLine =
  | "capital"
  | "number"
  | "special"
  | "noAge"
  | ["length", { characters: number }]
  | ["age" | "reuse", { days: number }]
  | ["idle", { minutes: number }];

function ruleLines(rules: PasswordRules): RuleLine[] {
  return [
    ["length", { characters: rules.minLength }],
    ...(rules.needsCapital ? (["capital"] as const) : []),
    ...(rules.needsNumber ? (["number"] as const) : []),
    ...(rules.needsSpecial ? (["special"] as const) : []),
    rules.maxAgeDays === null ? "noAge" : ["age", { days: rules.maxAgeDays }],
    ...(rules.reuseDays === null ? [] : [["reuse", { days: rules.reuseDays }] satisfies RuleLine]),
    ...(rules.idleMinutes === null
      ? []
      : [["idle", { minutes: rules.idleMinutes }] satisfies RuleLine]),
  ];
}

const appOf = ({ apps }: BoundPerson) =>
  apps.length > 1
    ? ({ say: "apps", with: { count: apps.length } } as const)
    : (apps[0]?.name ?? "");

export async function tellDemanded(
  tx: Tx,
  ctx: Context,
  { organisation, accountIds }: { organisation: Organisation; accountIds: readonly string[] },
): Promise<void> {
  await tell(tx, ctx, accountIds, {
    kind: "password-demanded",
    values: { organisation: organisation.name },
    lines: ["what", "then"],
  });
}
