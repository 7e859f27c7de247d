import type { AnchorPlace } from "../config.ts";
import { folderStore, type AnchorStore } from "../record/anchor/anchor-store.ts";
import { bucketStore } from "../record/anchor/bucket-store.ts";

export const openAnchor = (place: AnchorPlace): AnchorStore =>
  "folder" in place ? folderStore(place.folder) : bucketStore(place);
