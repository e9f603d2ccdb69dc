import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { product } from "../../text/strings";
import type { Command } from "../Palette";

export interface Crumb {
  label: string;
  to?: string;
  mono?: boolean;
}

interface PageFacts {
  crumbs: readonly Crumb[];
  /** State and tools beside the crumbs. */
  state: ReactNode;
  commands: readonly Command[];
}

const none: PageFacts = { crumbs: [], state: null, commands: [] };

/** Whether the bars under a page's figures were simulated; null where it is of no one series. */
type Origin = boolean | null;

const Context = createContext<{ facts: PageFacts; set(facts: PageFacts): void; synthetic: Origin; setSynthetic(synthetic: Origin): void } | null>(null);

export function PageProvider({ children }: { children: ReactNode }) {
  const [facts, set] = useState<PageFacts>(none);
  const [synthetic, setSynthetic] = useState<Origin>(null);
  const value = useMemo(() => ({ facts, set, synthetic, setSynthetic }), [facts, synthetic]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePageFacts(): PageFacts & { synthetic: Origin } {
  const found = useContext(Context);
  if (found === null) throw new Error("usePageFacts needs a PageProvider around it.");
  return { ...found.facts, synthetic: found.synthetic };
}

/** A page says what it is: title of the tab, crumbs, what stands beside them, and its commands. The caller keeps the values stable. */
export function usePage(title: string, crumbs: readonly Crumb[], state: ReactNode = null, commands: readonly Command[] = none.commands): void {
  const found = useContext(Context);
  if (found === null) throw new Error("usePage needs a PageProvider around it.");
  const set = found.set;
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title]);
  useEffect(() => {
    set({ crumbs, state, commands });
    return () => set(none);
  }, [set, crumbs, state, commands]);
}

/** A page of one series says whether the simulator made its bars, so that the label of synthetic data stands where it is true and nowhere else. */
export function useSynthetic(synthetic: boolean | null | undefined): void {
  const found = useContext(Context);
  if (found === null) throw new Error("useSynthetic needs a PageProvider around it.");
  const set = found.setSynthetic;
  useEffect(() => {
    set(synthetic ?? null);
    return () => set(null);
  }, [set, synthetic]);
}
