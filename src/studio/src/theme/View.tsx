import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useAddress } from "../components/Shell/address";
import { clockOf, isZone, nextZone, type Clock, type ZoneChoice } from "../text/time";

export type ThemeName = "dark" | "light";

interface View {
  theme: ThemeName;
  setTheme(theme: ThemeName): void;
  zone: ZoneChoice;
  setZone(zone: ZoneChoice): void;
  turnZone(): void;
  /** Zone of the exchange where a row names none. */
  exchange: string;
  setExchange(zone: string): void;
  /** The clock that is shown, for a row of the given exchange. */
  clock(exchange?: string | null): Clock;
}

const Context = createContext<View | null>(null);

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

/** Theme and time zone. The theme is that of the machine until one is chosen. The zone in the address wins over the one kept here, so that a link shows a colleague the same. */
export function ViewProvider({ children }: { children: ReactNode }) {
  const [theme, setThemeState] = useState<ThemeName>(() => (document.documentElement.dataset.theme === "light" ? "light" : "dark"));
  const [preferred, setPreferred] = useState<ZoneChoice>(() => {
    const kept = stored("sigmatiq.zone");
    return isZone(kept) ? kept : "exchange";
  });
  const [exchange, setExchange] = useState("America/New_York");
  const [search, setSearch] = useAddress();
  const asked = search.get("tz");
  const zone = isZone(asked) ? asked : preferred;

  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.dataset.mantineColorScheme = theme;
  }, [theme]);

  useEffect(() => {
    // Whoever has not chosen a theme here has chosen it for the whole machine, and that may change at dusk.
    const light = window.matchMedia("(prefers-color-scheme: light)");
    const follow = (): void => {
      const kept = stored("sigmatiq.theme");
      if (kept !== "dark" && kept !== "light") setThemeState(light.matches ? "light" : "dark");
    };
    light.addEventListener("change", follow);
    return () => light.removeEventListener("change", follow);
  }, []);

  const setTheme = useCallback((next: ThemeName) => {
    store("sigmatiq.theme", next);
    setThemeState(next);
  }, []);

  const setZone = useCallback(
    (next: ZoneChoice) => {
      store("sigmatiq.zone", next);
      setPreferred(next);
      setSearch(
        (was) => {
          const now = new URLSearchParams(was);
          now.set("tz", next);
          return now;
        },
        { replace: true },
      );
    },
    [setSearch],
  );

  const value = useMemo<View>(
    () => ({ theme, setTheme, zone, setZone, turnZone: () => setZone(nextZone(zone)), exchange, setExchange, clock: (of) => clockOf(zone, of ?? exchange) }),
    [theme, setTheme, zone, setZone, exchange],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useView(): View {
  const found = useContext(Context);
  if (found === null) throw new Error("useView needs a ViewProvider around it.");
  return found;
}

/** Now, told again each time so much has passed. */
export function useNow(everyMs = 1000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
