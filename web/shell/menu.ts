import {
  IconApps,
  IconArchive,
  IconBell,
  IconBellCog,
  IconBroadcast,
  IconDeviceLaptop,
  IconHeartbeat,
  IconHelp,
  IconHistory,
  IconHome,
  IconKey,
  IconLifebuoy,
  IconListCheck,
  IconListDetails,
  IconLock,
  IconMapPinCheck,
  IconNetwork,
  IconPalette,
  IconShieldCheck,
  IconUser,
  IconUsers,
  IconUserQuestion,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";
import type { Account } from "../identity/account/account-api.ts";
import type menuTexts from "../../src/contract/texts/en/menu.json";
import { paths } from "../paths.ts";

export type MenuItem = { text: MenuText; to: string; icon: Icon; isExact?: boolean };
export type MenuGroup = { text: MenuText | null; items: readonly MenuItem[] };

/** A name in texts/…/menu.json, and under `synonyms` there what people type who look for it. */
type MenuText = keyof (typeof menuTexts)["names"];

/** What is not built is not here; what is not allowed is left out. */
export function menuFor(account: Pick<Account, "isOperator">): readonly MenuGroup[] {
  return account.isOperator ? [...everybody, operator] : everybody;
}

const everybody: readonly MenuGroup[] = [
  { text: null, items: [{ text: "home", to: paths.home(), icon: IconHome, isExact: true }] },
  {
    text: "yourAccount",
    items: [
      { text: "profile", to: paths.profile(), icon: IconUser, isExact: true },
      { text: "password", to: paths.password(), icon: IconLock },
      { text: "passwordPolicy", to: paths.passwordPolicy(), icon: IconListDetails },
      { text: "twoFactor", to: paths.twoFactor(), icon: IconShieldCheck },
      { text: "sessions", to: paths.sessions(), icon: IconDeviceLaptop },
      { text: "sessionRules", to: paths.sessionRules(), icon: IconMapPinCheck },
      { text: "inbox", to: paths.inbox(), icon: IconBell },
      { text: "keepInformed", to: paths.keepInformed(), icon: IconBellCog },
      { text: "shared", to: paths.shared(), icon: IconUsersGroup },
      { text: "whitelist", to: paths.whitelist(), icon: IconNetwork },
      { text: "retention", to: paths.retention(), icon: IconArchive },
    ],
  },
  { text: null, items: [{ text: "apps", to: paths.apps(), icon: IconApps }] },
  {
    text: "security",
    items: [
      { text: "actionLog", to: paths.actionLog(), icon: IconHistory },
      { text: "streams", to: paths.streams(), icon: IconBroadcast },
    ],
  },
  { text: null, items: [{ text: "help", to: paths.help(), icon: IconHelp }] },
];

const operator: MenuGroup = {
  text: "operator",
  items: [
    { text: "operatorAccounts", to: paths.operatorAccounts(), icon: IconUsers },
    { text: "operatorSupport", to: paths.operatorSupport(), icon: IconLifebuoy },
    {
      text: "operatorStrangerReports",
      to: paths.operatorStrangerReports(),
      icon: IconUserQuestion,
    },
    { text: "operatorQueue", to: paths.operatorQueue(), icon: IconListCheck },
    { text: "operatorHealth", to: paths.operatorHealth(), icon: IconHeartbeat },
    { text: "operatorPermissions", to: paths.operatorPermissions(), icon: IconShieldCheck },
    { text: "operatorKeys", to: paths.operatorKeys(), icon: IconKey },
    { text: "operatorStreams", to: paths.operatorStreams(), icon: IconBroadcast },
    { text: "operatorBranding", to: paths.operatorBranding(), icon: IconPalette },
  ],
};
