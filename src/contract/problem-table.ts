import { accessProblems } from "./access/problems.ts";
import { identityProblems } from "./identity/problems.ts";
import { operatorProblems } from "./operator/problems.ts";
import { platformProblems } from "./platform/problems.ts";
import { recordProblems } from "./record/problems.ts";

/**
 * Every problem the API can answer with, a table for each wing. This is the single source: the server
 * throws these codes, clients switch over them, docs/problems.md is checked against it. A code is
 * public and permanent: add, deprecate, never rename.
 */
export const problems = {
  ...platformProblems,
  ...recordProblems,
  ...identityProblems,
  ...accessProblems,
  ...operatorProblems,
} as const;

export type ProblemCode = keyof typeof problems;
