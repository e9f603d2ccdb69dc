import { Modal } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { listSweeps } from "../../api/client";
import { seriesQuery } from "../../pages/Data/queries";
import { modelsQuery } from "../../pages/Models/queries";
import { runsQuery } from "../../pages/Runs/queries";
import { workflowsQuery } from "../../pages/Workflows/queries";
import { cut, shortId } from "../../text/format";
import { common, nav } from "../../text/strings";
import { Icon } from "../Icon";
import type { IconName } from "../Icon/types";
import { places } from "../Shell/places";
import { matches } from "./match";
import "./style.css";

export interface Command {
  id: string;
  label: string;
  detail?: string;
  icon: IconName;
  keys?: string | undefined;
  run(): void;
}

const RUNS_FOUND = 200, SWEEPS_FOUND = 100;

// The list of sweeps brings the reader of leaderboards with it, which no page but its own needs.
const sweepsFound = queryOptions({ queryKey: ["sweeps", "found"], queryFn: ({ signal }) => listSweeps({ limit: SWEEPS_FOUND, signal }) });

/** Every page, the commands of the place, and workflows, models, sweeps, series and the newest runs, which are read when it opens. */
export function Palette({ open, onClose, commands, start = "" }: { open: boolean; onClose(): void; commands: readonly Command[]; start?: string }) {
  const go = useNavigate();
  const workflows = useQuery({ ...workflowsQuery, enabled: open }).data;
  const runs = useQuery({ ...runsQuery(), enabled: open }).data;
  const models = useQuery({ ...modelsQuery, enabled: open }).data;
  const sweeps = useQuery({ ...sweepsFound, enabled: open }).data;
  const series = useQuery({ ...seriesQuery, enabled: open }).data;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => {
    if (open) {
      setText(start);
      setAt(0);
    }
  }, [open, start]);

  const all = useMemo<readonly Command[]>(() => {
    if (!open) return [];
    return [
      ...places.map((p) => ({ id: p.id, label: nav[p.id], icon: p.icon, keys: p.key === undefined ? undefined : `G ${p.key}`, run: () => void go(p.path) })),
      ...commands,
      ...(workflows ?? []).map((w) => ({ id: `w ${w.id} ${w.version}`, label: cut(w.id), detail: `${nav.workflows} ${w.version}`, icon: "workflows" as const, run: () => void go(`/workflows?sel=${encodeURIComponent(w.id)}`) })),
      ...(models ?? []).map((m) => ({ id: `m ${m.user_id} ${m.id}`, label: cut(m.id), detail: `${nav.models}, ${cut(m.ticker)}`, icon: "models" as const, run: () => void go(`/models/${encodeURIComponent(m.id)}`) })),
      ...(sweeps ?? []).map((s) => ({ id: s.id, label: cut(s.id), detail: `${nav.sweeps}, ${cut(s.model_id)}${s.tag === null ? "" : `, ${cut(s.tag)}`}, ${s.status}`, icon: "sweeps" as const, run: () => void go(`/sweeps/${encodeURIComponent(s.id)}`) })),
      ...(series ?? []).map((s) => ({ id: `d ${s.symbol} ${s.interval}`, label: `${cut(s.symbol)} ${s.interval}`, detail: nav.data, icon: "data" as const, run: () => void go(`/data/${encodeURIComponent(s.symbol)}/${encodeURIComponent(s.interval)}`) })),
      ...(runs ?? []).slice(0, RUNS_FOUND).map((r) => ({ id: r.id, label: shortId(r.id), detail: `${cut(r.workflow)}, ${r.status}`, icon: "runs" as const, run: () => void go(`/runs/${r.id}`) })),
    ];
  }, [open, commands, go, workflows, models, sweeps, series, runs]);

  const shown = useMemo(() => matches(all, text, (c) => `${c.label} ${c.detail ?? ""} ${c.id}`).slice(0, 12), [all, text]);
  const chosen = shown[Math.min(at, shown.length - 1)];

  /** What a key does besides writing; whether it does. */
  const press = (key: string): boolean => {
    if (key === "ArrowDown") setAt((i) => Math.min(shown.length - 1, i + 1));
    else if (key === "ArrowUp") setAt((i) => Math.max(0, i - 1));
    else if (key === "Enter" && chosen !== undefined) {
      onClose();
      chosen.run();
    } else return false;
    return true;
  };
  const pressed = useRef(press);
  pressed.current = press;

  // The dialog takes the focus a moment after it opens; who types on at once loses no key.
  useEffect(() => {
    if (!open) return;
    const heard = (e: KeyboardEvent): void => {
      if (e.target === field.current || e.repeat || e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key.length === 1) setText((was) => was + e.key);
      else if (!pressed.current(e.key)) return;
      e.preventDefault();
    };
    window.addEventListener("keydown", heard, { capture: true });
    return () => window.removeEventListener("keydown", heard, { capture: true });
  }, [open]);

  return (
    <Modal.Root opened={open} onClose={onClose} size={560} lockScroll={false} yOffset="12vh" padding={0}>
      <Modal.Overlay className="veil" />
      <Modal.Content className="dialog palette" aria-label={common.palette}>
      <div className="palette-q">
        <Icon name="search" />
        <input
          ref={field}
          data-autofocus
          value={text}
          placeholder={common.palette}
          aria-label={common.palette}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={chosen === undefined ? undefined : `${id}-${shown.indexOf(chosen)}`}
          onChange={(e) => {
            setText(e.target.value);
            setAt(0);
          }}
          onKeyDown={(e) => {
            if (press(e.key)) e.preventDefault();
          }}
        />
      </div>
      <ul id={id} ref={list} role="listbox" aria-label={common.palette}>
        {shown.map((c, i) => (
          <li key={c.id} id={`${id}-${i}`} role="option" aria-selected={c === chosen} onMouseMove={() => setAt(i)} onClick={() => { onClose(); c.run(); }}>
            <Icon name={c.icon} />
            <span>{c.label}</span>
            <span className="mut one">{c.detail}</span>
            {c.keys === undefined ? null : <kbd>{c.keys}</kbd>}
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p className="palette-n">{common.noMatch}</p> : null}
      </Modal.Content>
    </Modal.Root>
  );
}
