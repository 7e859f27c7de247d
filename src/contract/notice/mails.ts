/** Mails about notices themselves; what each member means stands in ../mails.ts. */
export const noticeMails = {
  "notices-off": {
    to: "holder",
    facts: "whence",
    params: ["class", "channel"],
    varying: ["class", "channel"],
    needs: [],
    link: "/account/keep-informed",
  },
  "notice-test": { to: "holder", facts: "none", params: [], needs: [] },
} as const;
