import { useComputedColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Guide } from "./guides.ts";
import sizes from "./pictures/sizes.json";

/** Taken by `npm run screenshots`; the build gives each its content's name. */
const files = import.meta.glob<string>("./pictures/*/*.webp", {
  eager: true,
  query: "?url",
  import: "default",
});

type Props = { guide: Guide; alt: string };

/** How it looks, in the reader's language and colours; English stands in for a language without pictures. */
export function GuidePicture({ guide, alt }: Props) {
  const { i18n } = useTranslation();
  const colorScheme = useComputedColorScheme();
  const language = `${i18n.language}/${guide}` in sizes ? i18n.language : "en";
  const src = files[`./pictures/${language}/${guide}-${colorScheme}.webp`];
  const [width, height] = (sizes as Record<string, number[]>)[`${language}/${guide}`] ?? [];
  if (src === undefined) return null;
  return (
    // On a phone it is small: opened by itself it can be made larger.
    <a href={src} target="_blank" rel="noreferrer">
      <img
        src={src}
        alt={alt}
        width={width}
        height={height}
        loading="lazy"
        className="guide-picture"
      />
    </a>
  );
}
