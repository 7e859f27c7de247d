const rules = ["characters", "days", "minutes"] as const;

/** Mails about what organisations ask of passwords; what each member means stands in ../mails.ts. */
export const passwordMails = {
  "password-ends": {
    to: "holder",
    class: "system-expiry",
    facts: "none",
    params: ["organisation", "endsAt"],
    needs: [],
    link: "/account/password",
  },
  "password-policy-changed": {
    to: "holder",
    facts: "when",
    params: ["organisation", "actor", ...rules],
    needs: ["organisation"],
    varying: rules,
  },
  "password-policy-stricter": {
    to: "holder",
    facts: "when",
    params: ["organisation", "app", ...rules],
    needs: ["organisation"],
    varying: rules,
  },
  "password-demanded": {
    to: "holder",
    facts: "when",
    params: ["organisation"],
    needs: ["organisation"],
    link: "/sign-in",
  },
} as const;
