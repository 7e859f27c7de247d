import { problems, type ProblemCode } from "../../src/contract/problems.ts";
import { detailParams, failureParams } from "../../src/contract/failures.ts";
import details from "../../src/contract/texts/en/details.json" with { type: "json" };
import failures from "../../src/contract/texts/en/failures.json" with { type: "json" };
import { accessProblems } from "../../src/contract/access/problems.ts";
import { identityProblems } from "../../src/contract/identity/problems.ts";
import { operatorProblems } from "../../src/contract/operator/problems.ts";
import { platformProblems } from "../../src/contract/platform/problems.ts";
import { recordProblems } from "../../src/contract/record/problems.ts";
import { problemHelp } from "./problem-help.ts";

const CHAPTERS: readonly [title: string, table: object][] = [
  ["Any call", platformProblems],
  ["The log", recordProblems],
  ["Sign-up, sign-in, second factors, sessions", identityProblems],
  ["Organisations, sharing, keys, address rules", accessProblems],
  ["Operator, provisioning, reports", operatorProblems],
];

const codes = Object.keys(problems) as ProblemCode[];

const HEAD = `# Problems

<!-- Made by npm run generate from src/contract/*/problems.ts and scripts/generators/problem-help.ts. -->

Every refusal is \`application/problem+json\` (RFC 9457). Switch over \`code\`: codes are permanent, and a
later release may add some, so judge one that you do not know by its status. \`title\` says what is wrong,
\`detail\` (where there is one) what is wrong here, \`errors\` names every field at fault, \`requestId\` finds the
entry in the action log. \`title\` and \`detail\` are English, always; to show people their own language, word what
you show by the codes ([0010](decisions/0010-answers-have-no-language.md)). A refused call has done nothing, unless the table says otherwise; that it was
refused is on record.

\`\`\`json
{
  "type": "/problems/step-up-required",
  "code": "step-up-required",
  "status": 403,
  "title": "Confirm it's you first",
  "requestId": "8qVx0hZt3mPw-1k"
}
\`\`\`

What is wrong with fields is told of all of them at once:

\`\`\`json
{
  "type": "/problems/invalid-request",
  "code": "invalid-request",
  "status": 400,
  "title": "The request does not match the schema",
  "requestId": "8qVx0hZt3mPw-1m",
  "errors": [
    { "in": "body", "pointer": "/displayName", "code": "missing", "detail": "This is missing." },
    {
      "in": "body",
      "pointer": "/email",
      "code": "email-address",
      "detail": "Write an e-mail address such as name@example.org."
    },
    {
      "in": "body",
      "pointer": "/password",
      "code": "password-too-short",
      "params": { "count": 9 },
      "detail": "Use at least 9 characters. Three or four uncommon words in a row are easy to remember."
    }
  ]
}
\`\`\`

A \`detail\` is whole sentences, for people, and may change; \`code\` and the names in \`params\` are permanent. Neither
repeats what was sent, but for addresses and names that are no secret. A parameter whose name ends in \`At\` is an instant.
`;

/** docs/problems.md: every code with its status, and what to do about it. */
export function problemsPage(): string {
  const chapters = CHAPTERS.map(([title, table]) => {
    const rows = codes.filter((code) => code in table).map((code) => row(code));
    return `## ${title}\n\n| code | status | title | what to do |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [HEAD, ...chapters, ...texts()].join("\n");
}

const CODES: readonly [title: string, head: string, table: object, english: object][] = [
  [
    "Codes of fields",
    "`errors[].code`, with what `errors[].params` brings and what `errors[].detail` says.",
    failureParams,
    failures,
  ],
  [
    "Codes of details",
    "`detailCode`, with what `params` brings and what `detail` says: more about the problem, where there is more.",
    detailParams,
    details,
  ],
];

const texts = (): string[] =>
  CODES.map(([title, head, table, english]) => {
    const rows = Object.keys(table).map((code) => {
      const text: unknown = Reflect.get(english, code) ?? Reflect.get(english, `${code}_other`);
      return `| \`${code}\` | ${String(text).replaceAll("|", "\\|")} |`;
    });
    return `## ${title}\n\n${head}\n\n| code | text |\n|---|---|\n${rows.join("\n")}\n`;
  });

function row(code: ProblemCode): string {
  const { status, title } = problems[code];
  return `| \`${code}\` | ${status} | ${title} | ${problemHelp[code]} |`;
}
