/** Mails about how long things are kept, and about being forgotten; what each member means stands in ../mails.ts. */
export const privacyMails = {
  "retention-shortened": {
    to: "holder",
    class: "legal",
    facts: "when",
    params: ["organisation", "actor", "routine", "important", "address", "from"],
    needs: ["organisation"],
  },
  "retention-changed": {
    to: "holder",
    class: "legal",
    facts: "when",
    params: ["organisation", "actor", "routine", "important", "address"],
    needs: ["organisation"],
  },
  "hold-placed": {
    to: "holder",
    class: "legal",
    facts: "when",
    params: ["organisation", "actor", "reason"],
    needs: ["organisation"],
  },
  "hold-released": {
    to: "holder",
    class: "legal",
    facts: "when",
    params: ["organisation", "actor", "reason"],
    needs: ["organisation"],
  },
  "erasure-asked": { to: "holder", class: "legal", facts: "whence", params: ["from"], needs: [] },
  "erasure-withdrawn": { to: "holder", class: "legal", facts: "whence", params: [], needs: [] },
} as const;
