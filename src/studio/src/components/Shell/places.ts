import { nav } from "../../text/strings";
import type { IconName } from "../Icon/types";

export interface Place {
  id: keyof typeof nav;
  path: string;
  icon: IconName;
  /** Second key after G. */
  key?: string;
}

export interface Group {
  label: string | null;
  places: readonly Place[];
}

export const groups: readonly Group[] = [
  { label: null, places: [{ id: "home", path: "/", icon: "home", key: "H" }, { id: "review", path: "/dashboard", icon: "review", key: "R" }] },
  { label: nav.build, places: [{ id: "packs", path: "/packs", icon: "packs" }, { id: "models", path: "/models", icon: "models" }, { id: "workflows", path: "/workflows", icon: "workflows", key: "W" }] },
  {
    label: nav.operate,
    places: [
      { id: "runs", path: "/runs", icon: "runs", key: "U" }, { id: "schedules", path: "/schedules", icon: "schedules", key: "L" }, { id: "sweeps", path: "/sweeps", icon: "sweeps", key: "S" },
      { id: "training", path: "/training", icon: "training", key: "T" },
    ],
  },
  {
    label: nav.observe,
    places: [
      { id: "forecasting", path: "/forecasting", icon: "forecasting" }, { id: "production", path: "/production", icon: "production", key: "P" }, { id: "data", path: "/data", icon: "data", key: "D" },
      { id: "system", path: "/system", icon: "system" },
    ],
  },
];

export const places: readonly Place[] = groups.flatMap((g) => g.places);

/** The place that an address belongs to. */
export function placeOf(path: string): Place | undefined {
  if (path.startsWith("/trained-models/")) return places.find((p) => p.id === "training");
  return path === "/hub" ? places[0] : places.find((p) => (p.path === "/" ? path === "/" : path === p.path || path.startsWith(`${p.path}/`)));
}
