import { Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { useBranding } from "./branding.ts";

/** What stands in for a logo that the operator has not set. */
const OWN_MARK = "/favicon.svg";

/** The operator's mark and name; the mark is the tab's too. */
export function Logo() {
  const { name, logoUrl } = useBranding();
  const mark = logoUrl ?? OWN_MARK;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    icon?.setAttribute("href", mark);
    if (mark === OWN_MARK) icon?.setAttribute("type", "image/svg+xml");
    else icon?.removeAttribute("type");
  }, [mark]);
  return <Mark src={mark} name={name} />;
}

/** Also drawn by the preview of what is not saved yet. */
export function Mark({ src, name }: { src: string; name: string }) {
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <img
        src={src}
        alt=""
        height={28}
        style={{ maxWidth: 120, objectFit: "contain", flexShrink: 0 }}
      />
      <Text fw={650} size="lg" truncate>
        {name}
      </Text>
    </Group>
  );
}
