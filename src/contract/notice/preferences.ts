import { Type, type Static } from "typebox";
import { Instant, LinkToken, Nullable } from "../identity/fields.ts";
import { channels, optionalClasses } from "./classes.ts";
import { ClassName } from "./inbox.ts";

const strict = { additionalProperties: false } as const;

const ChannelName = Type.Enum([...channels]);

const Switches = Type.Object({ email: Type.Boolean(), inbox: Type.Boolean() }, strict);

export const NoticePreferences = Type.Object(
  {
    classes: Type.Array(
      Type.Object(
        {
          class: ClassName,
          isMandatory: Type.Boolean({
            description: "Goes every way, whatever anybody prefers; cannot be switched.",
          }),
          channels: Switches,
        },
        strict,
      ),
    ),
    addresses: Type.Array(
      Type.Object(
        {
          address: Type.String(),
          failing: Nullable(
            Type.Object(
              { since: Instant, code: Type.Integer({ description: "RFC 5321 §4.2." }) },
              { ...strict, description: "Mail servers refuse what is sent there." },
            ),
          ),
        },
        strict,
      ),
    ),
  },
  { $id: "NoticePreferences", ...strict },
);
export type NoticePreferences = Static<typeof NoticePreferences>;

export const NoticePreferencesChange = Type.Object(
  {
    classes: Type.Array(
      Type.Object({ class: Type.Enum(optionalClasses), channels: Switches }, strict),
      {
        maxItems: optionalClasses.length,
        description: "Classes that may be switched off; those left out stay as they are.",
      },
    ),
  },
  strict,
);
export type NoticePreferencesChange = Static<typeof NoticePreferencesChange>;

export const NoticeTest = Type.Object({ channel: ChannelName }, strict);
export type NoticeTest = Static<typeof NoticeTest>;

export const UnsubscribeQuery = Type.Object({ token: { ...LinkToken, maxLength: 400 } }, strict);

/** Nothing: the address says it all. */
export const UnsubscribeBody = Type.Object({}, strict);

export const Unsubscribed = Type.Object({ class: Type.Enum(optionalClasses) }, strict);
export type Unsubscribed = Static<typeof Unsubscribed>;
