export const recordProblems = {
  "not-proven-yet": { status: 409, title: "No signed checkpoint covers this entry yet" },
} as const;
