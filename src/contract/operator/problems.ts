/** Problems of the operator's wing. */
export const operatorProblems = {
  "address-in-use": {
    status: 409,
    title: "This address has an account: its holder must consent first",
  },
  "external-id-taken": { status: 409, title: "This externalId belongs to something else" },
  "report-id-reused": { status: 409, title: "This id was used for another report" },
  "reason-required": {
    status: 403,
    title: "Say why first: looking at a person's account needs a reason",
  },
  "consent-required": { status: 403, title: "The app's owner must consent first" },
} as const;
