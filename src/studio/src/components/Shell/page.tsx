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

const Context = createContext<{ facts: PageFacts; set(facts: PageFacts): void } | null>(null);

export function PageProvider({ children }: { children: ReactNode }) {
  const [facts, set] = useState<PageFacts>(none);
  const value = useMemo(() => ({ facts, set }), [facts]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePageFacts(): PageFacts {
  const found = useContext(Context);
  if (found === null) throw new Error("usePageFacts needs a PageProvider around it.");
  return found.facts;
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
