import { useQuery } from "@tanstack/react-query";
import { Drawer } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { overviewQuery } from "../../pages/Home/queries";
import { SIGNED_OUT } from "../../api/http";
import { useLive } from "../../live/Live";
import { common, live as liveWords, nav, product, theme as themeWords, zone as zoneWords } from "../../text/strings";
import { useView } from "../../theme/View";
import { DataLabel } from "../DataLabel";
import { Icon } from "../Icon";
import { KeySheet } from "../KeySheet";
import { Palette, type Command } from "../Palette";
import { Segmented } from "../Segmented";
import { TimeText } from "../TimeText";
import { useToast } from "../Toasts";
import { useKeys } from "./keys";
import { usePageFacts } from "./page";
import { groups, placeOf, places } from "./places";
import "./style.css";

const GO_MS = 1200;

export function Shell() {
  const view = useView();
  const facts = usePageFacts();
  const toast = useToast();
  const go = useNavigate();
  const { pathname } = useLocation();
  const overview = useQuery(overviewQuery);
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const [narrow, setRail] = useState(() => window.innerWidth < 1200);
  // The designer needs the width.
  const rail = narrow || /^\/workflows\/[^/]+\/edit$/.test(pathname);
  const wantsPlace = useRef(0);
  const main = useRef<HTMLElement>(null);
  const exchange = overview.data?.market.zone;
  const { setExchange } = view;

  useEffect(() => {
    if (exchange !== undefined) setExchange(exchange);
  }, [exchange, setExchange]);

  useEffect(() => setDrawer(false), [pathname]);

  useEffect(() => {
    const small = window.matchMedia("(max-width: 1199px)");
    const follow = (): void => setRail(small.matches);
    small.addEventListener("change", follow);
    return () => small.removeEventListener("change", follow);
  }, []);

  useEffect(() => {
    // A session that ended is asked for again in place: the address stays what it was.
    const ended = (): void => location.reload();
    window.addEventListener(SIGNED_OUT, ended, { once: true });
    return () => window.removeEventListener(SIGNED_OUT, ended);
  }, []);

  useKeys({
    "Ctrl k": () => setPalette(true),
    "?": () => setKeys(true),
    "/": () => (document.querySelector<HTMLInputElement>("main input[type=search]") ?? null)?.focus(),
    z: () => view.turnZone(),
    "[": () => setRail((was) => !was),
    g: () => {
      wantsPlace.current = Date.now();
    },
    y: () => void navigator.clipboard.writeText(location.href).then(() => toast({ tone: "ok", text: `${common.copyLink}: ${common.copied.toLowerCase()}` })),
    "Shift Y": () => document.querySelector<HTMLButtonElement>("[data-copy-cli]")?.click(),
  });
  // Letters after G go before what a page makes of them.
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (Date.now() - wantsPlace.current >= GO_MS || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key.toLowerCase() === "g") return;
      const place = places.find((p) => p.key?.toLowerCase() === event.key.toLowerCase());
      wantsPlace.current = 0;
      if (place === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void go(place.path);
    };
    window.addEventListener("keydown", heard, { capture: true });
    return () => window.removeEventListener("keydown", heard, { capture: true });
  }, [go]);

  const commands = useMemo<readonly Command[]>(
    () => [
      ...facts.commands,
      { id: "new sweep", label: common.newSweep, icon: "sweeps", run: () => void go("/sweeps/new") },
      { id: "new model", label: common.newModel, icon: "models", run: () => void go("/models/new") },
      { id: "new workflow", label: common.newWorkflow, icon: "workflows", run: () => void go("/workflows/new") },
      { id: "import", label: common.importFile, icon: "data", run: () => void go("/data/import") },
      { id: "theme dark", label: themeWords.toDark, icon: "moon", run: () => view.setTheme("dark") },
      { id: "theme light", label: themeWords.toLight, icon: "sun", run: () => view.setTheme("light") },
      { id: "zone", label: `${zoneWords.label}: next`, icon: "schedules", keys: "Z", run: () => view.turnZone() },
      { id: "keys", label: common.keys, icon: "keys", keys: "?", run: () => setKeys(true) },
    ],
    [facts.commands, view, go],
  );

  const zones = [
    { value: "utc" as const, label: zoneWords.utc },
    { value: "exchange" as const, label: `${zoneWords.exchange} (${zoneName(view.exchange)})` },
    { value: "local" as const, label: zoneWords.local },
  ];

  return (
    <div className={rail ? "app rail" : "app"}>
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {nav.skip}
      </a>
      <nav className="side" aria-label={nav.main}>
        <Navigation rail={rail} />
      </nav>
      <Drawer.Root opened={drawer} onClose={() => setDrawer(false)} size={240} padding={0} lockScroll={false} transitionProps={{ duration: 180 }}>
        <Drawer.Overlay className="veil" />
        <Drawer.Content className="drawer" aria-label={nav.main}>
          <nav className="side in-drawer" aria-label={nav.main}>
            <Navigation rail={false} />
          </nav>
        </Drawer.Content>
      </Drawer.Root>
      <div className="body">
        <header className="top">
          <button type="button" className="btn i burger" aria-label={nav.open} onClick={() => setDrawer(true)}>
            <Icon name="menu" />
          </button>
          <ol className="crumb" aria-label="Breadcrumb">
            {facts.crumbs.map((crumb, i) => (
              <li key={i} className={crumb.mono === true ? "mono" : undefined}>
                {crumb.to === undefined ? <b aria-current="page">{crumb.label}</b> : <Link to={crumb.to}>{crumb.label}</Link>}
              </li>
            ))}
          </ol>
          {facts.state}
          <span className="sp" />
          {(facts.synthetic ?? overview.data?.data?.is_synthetic) === true ? <DataLabel plantedEffect={overview.data?.data?.planted_effect ?? null} /> : null}
          <div className="zones">
            <Segmented label={zoneWords.label} value={view.zone} options={zones} onChange={view.setZone} />
          </div>
          <button type="button" className="btn i zone-turn" onClick={view.turnZone}>
            <span className="sr">{zoneWords.label}: </span>
            {view.clock().name}
          </button>
          <button type="button" className="btn i" aria-label={view.theme === "dark" ? themeWords.toLight : themeWords.toDark} onClick={() => view.setTheme(view.theme === "dark" ? "light" : "dark")}>
            <Icon name={view.theme === "dark" ? "sun" : "moon"} />
          </button>
          <button type="button" className="srch" onClick={() => setPalette(true)}>
            <Icon name="search" size={14} />
            <span className="srch-t">{common.search}</span>
            <kbd>Ctrl K</kbd>
          </button>
        </header>
        <Offline />
        <main id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} commands={commands} />
      <KeySheet open={keys} onClose={() => setKeys(false)} />
    </div>
  );
}

function zoneName(zone: string): string {
  return zone === "America/New_York" ? "ET" : zone === "America/Bogota" ? "COT" : zone;
}

function Navigation({ rail }: { rail: boolean }) {
  const { pathname } = useLocation();
  const { data } = useQuery(overviewQuery);
  const here = placeOf(pathname)?.id;
  const counts: Partial<Record<string, { n: number; tone: string; word: string }>> = data === undefined ? {} : {
    review: { n: data.counts.votes, tone: "", word: "wait for a vote" },
    runs: { n: data.counts.running, tone: "b", word: "running" },
  };
  return (
    <>
      <Link className="brand" to="/">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <rect width="20" height="20" rx="5" fill="var(--acc)" />
          <path d="M14 6H6.500L10.500 10l-4 4H14" fill="none" stroke="var(--onacc)" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round" />
        </svg>
        <span className={rail ? "sr" : undefined}>{product}</span>
      </Link>
      {groups.map((group) => (
        <ul key={group.label ?? "top"} aria-label={group.label ?? undefined}>
          {group.label === null ? null : (
            <li className="navh" aria-hidden="true">
              {rail ? "" : group.label}
            </li>
          )}
          {group.places.map((place) => {
            const count = counts[place.id];
            return (
              <li key={place.id}>
                <Link className={place.id === here ? "nav on" : "nav"} to={place.path} aria-current={place.id === here ? "page" : undefined} title={rail ? nav[place.id] : undefined}>
                  <Icon name={place.icon} />
                  <span className={rail ? "sr" : undefined}>{nav[place.id]}</span>
                  {count === undefined || count.n === 0 ? null : (
                    <span className={`n ${count.tone}`}>
                      {count.n}
                      <span className="sr"> {count.word}</span>
                    </span>
                  )}
                </Link>
              </li>
            );
          })}
        </ul>
      ))}
      <div className="foot">
        <LiveDot rail={rail} />
        {data === undefined ? null : (
          <span className="foot-l" title={`${data.person.name}, ${data.person.role}`}>
            <span className="who" aria-hidden="true">
              {data.person.name.split(/\s+/).map((w) => w[0]?.toUpperCase()).slice(0, 2).join("")}
            </span>
            {rail ? null : (
              <>
                <bdi className="one">{data.person.name}</bdi>
                {data.person.role === data.person.name.split(" ").at(-1) ? null : <span className="mut foot-r">{data.person.role}</span>}
              </>
            )}
          </span>
        )}
      </div>
    </>
  );
}

function LiveDot({ rail }: { rail: boolean }) {
  const { state, since } = useLive();
  const word = state === "live" ? liveWords.live : state === "catching" ? liveWords.catching : liveWords.offline;
  return (
    <span className={`foot-l live ${state}`} role="status" title={word}>
      <span className="dot" aria-hidden="true" />
      <span className={rail ? "sr" : undefined}>
        {word}
        {state === "offline" && since !== null ? (
          <>
            {" "}
            {liveWords.since} <TimeText at={since.toISOString()} form="time" />
          </>
        ) : null}
      </span>
    </span>
  );
}

function Offline() {
  const { state, since } = useLive();
  if (state !== "offline" || since === null) return null;
  return (
    <p className="offline" role="alert">
      {liveWords.offline} {liveWords.since} <TimeText at={since.toISOString()} form="time" precision="second" />. {liveWords.readOnly}
    </p>
  );
}
