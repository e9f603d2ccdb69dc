import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { RunListed, WorkflowListed } from "../../api/client";
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

/** Every page, what was read of runs and workflows, and the commands of the place. */
/** Runs of a list that some page has read, at once or a page at a time. */
function listedRuns(data: unknown): RunListed[] {
  const all: unknown[] = Array.isArray(data) ? data : data !== null && typeof data === "object" && "pages" in data && Array.isArray(data.pages) ? data.pages.flat() : [];
  return all.filter((r): r is RunListed => r !== null && typeof r === "object" && "id" in r && "workflow" in r && "status" in r);
}

export function Palette({ open, onClose, commands, start = "" }: { open: boolean; onClose(): void; commands: readonly Command[]; start?: string }) {
  const go = useNavigate();
  const queries = useQueryClient();
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
    const runs = queries.getQueriesData<unknown>({ queryKey: ["runs"] }).flatMap(([, data]) => listedRuns(data));
    const workflows = queries.getQueryData<WorkflowListed[]>(["workflows"]) ?? [];
    return [
      ...places.map((p) => ({ id: p.id, label: nav[p.id], icon: p.icon, keys: p.key === undefined ? undefined : `G ${p.key}`, run: () => void go(p.path) })),
      ...commands,
      ...workflows.map((w) => ({ id: `w ${w.id} ${w.version}`, label: cut(w.id), detail: `${nav.workflows} ${w.version}`, icon: "workflows" as const, run: () => void go(`/workflows?sel=${encodeURIComponent(w.id)}`) })),
      ...[...new Map(runs.map((r) => [r.id, r])).values()].slice(0, 50).map((r) => ({ id: r.id, label: shortId(r.id), detail: `${cut(r.workflow)}, ${r.status}`, icon: "runs" as const, run: () => void go(`/runs/${r.id}`) })),
    ];
  }, [open, queries, commands, go]);

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
    <Modal.Root opened={open} onClose={onClose} size={560} lockScroll={false} yOffset="12vh" padding={0} transitionProps={{ duration: 120 }}>
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
