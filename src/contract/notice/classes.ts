/** Ways to a person. */
export const channels = ["email", "inbox"] as const;

export type Channel = (typeof channels)[number];

/**
 * What a notice is, for who decides what reaches them. A mandatory class goes to every address and the inbox,
 * whatever anybody prefers: what an intruder could switch off would be worth nothing.
 */
export const noticeClasses = {
  /** One's own credentials and sessions, and who has access to what is one's own. */
  "security-account": { isMandatory: true },
  /** What the law wants told: how long things are kept, holds, being forgotten. */
  legal: { isMandatory: true },
  /** Something ends soon. */
  "system-expiry": { isMandatory: false },
  /** Something needs a look, and nobody's rights are touched. */
  "account-warning": { isMandatory: false },
} as const;

export type NoticeClass = keyof typeof noticeClasses;

/** Classes that their reader may switch off. */
export type OptionalClass = {
  [Name in NoticeClass]: (typeof noticeClasses)[Name]["isMandatory"] extends true ? never : Name;
}[NoticeClass];

export const optionalClasses = (Object.keys(noticeClasses) as NoticeClass[]).filter(
  (name): name is OptionalClass => !noticeClasses[name].isMandatory,
);

export const isOptional = (name: NoticeClass): name is OptionalClass =>
  !noticeClasses[name].isMandatory;
