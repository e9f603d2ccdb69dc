import { useCallback, useState } from "react";
import type { Direction } from "../../designer/walk";

/** How somebody likes the designer; kept in this browser alone. */
export interface Preferences {
  direction: Direction;
  /** Widths of the step kinds, and of form and YAML; pixels. */
  kinds: number;
  side: number;
  /** Share of the form in the height of form and YAML; percent. */
  form: number;
  isYamlFirst: boolean;
}

export const limits = { kinds: { least: 140, most: 360 }, side: { least: 300, most: 820 }, form: { least: 15, most: 85 } } as const;

const KEY = "sigmatiq.designer";

/** What holds where nobody chose: narrower regions on a narrow screen. */
export function standards(width: number): Preferences {
  return width <= 1180 ? { direction: "TB", kinds: 164, side: 344, form: 50, isYamlFirst: false } : { direction: "TB", kinds: 196, side: 428, form: 50, isYamlFirst: false };
}

/** Reads what was kept; whatever it is not, the standard holds. */
export function readPreferences(kept: string | null, width: number): Preferences {
  const standard = standards(width);
  let said: Partial<Record<keyof Preferences, unknown>>;
  try {
    const parsed: unknown = JSON.parse(kept ?? "{}");
    said = typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    said = {};
  }
  const size = (name: "kinds" | "side" | "form"): number => {
    const value = said[name];
    return typeof value === "number" && Number.isFinite(value) ? Math.min(limits[name].most, Math.max(limits[name].least, Math.round(value))) : standard[name];
  };
  return { direction: said.direction === "LR" ? "LR" : "TB", kinds: size("kinds"), side: size("side"), form: size("form"), isYamlFirst: said.isYamlFirst === true };
}

/** What differs from the standard is kept, so that another screen has its own. */
export function writtenPreferences(now: Preferences, width: number): string {
  const standard = standards(width);
  return JSON.stringify(Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== standard[name as keyof Preferences])));
}

export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [now, setNow] = useState(() => readPreferences(stored(), window.innerWidth));
  const change = useCallback((by: Partial<Preferences>) => {
    setNow((was) => {
      const next = { ...was, ...by };
      try {
        localStorage.setItem(KEY, writtenPreferences(next, window.innerWidth));
      } catch {
        // A browser that keeps nothing shows it so until the page is left.
      }
      return next;
    });
  }, []);
  return [now, change];
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
