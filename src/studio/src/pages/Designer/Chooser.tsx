import { Modal } from "@mantine/core";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/Icon/types";

export interface Choice {
  id: string;
  label: string;
  detail: string;
  icon: IconName;
}

/** A list to type into: Enter takes what is marked. */
export function Chooser({ open, title, choices, none, onChoose, onClose }: { open: boolean; title: string; choices: readonly Choice[]; none: string; onChoose(id: string): void; onClose(): void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!open) return;
    setText("");
    setAt(0);
  }, [open]);
  const shown = useMemo(() => {
    const typed = text.trim().toLowerCase().split(/\s+/);
    const found = choices.filter((c) => typed.every((w) => `${c.id} ${c.label} ${c.detail}`.toLowerCase().includes(w)));
    const first = typed.join(" ");
    return found.sort((a, b) => Number(b.label.toLowerCase().startsWith(first) || b.id === first) - Number(a.label.toLowerCase().startsWith(first) || a.id === first));
  }, [choices, text]);
  const chosen = shown[Math.min(at, shown.length - 1)];
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    onClose();
    onChoose(choice.id);
  };
  return (
    <Modal.Root opened={open} onClose={onClose} size={480} lockScroll={false} yOffset="14vh" padding={0} returnFocus={false}>
      <Modal.Overlay className="veil" />
      <Modal.Content className="dialog palette" aria-label={title}>
        <div className="palette-q">
          <Icon name="search" />
          <input data-autofocus value={text} placeholder={title} aria-label={title} role="combobox" aria-expanded="true" aria-controls={id} aria-activedescendant={chosen === undefined ? undefined : `${id}-${shown.indexOf(chosen)}`}
            onChange={(e) => { setText(e.target.value); setAt(0); }}
            onKeyDown={(e) => {
              if (e.key === "ArrowDown") setAt((i) => Math.min(shown.length - 1, i + 1));
              else if (e.key === "ArrowUp") setAt((i) => Math.max(0, i - 1));
              else if (e.key === "Enter") take(chosen);
              else return;
              e.preventDefault();
            }} />
        </div>
        <ul id={id} ref={list} role="listbox" aria-label={title} className="palette-l">
          {shown.map((c) => (
            <li key={c.id} id={`${id}-${shown.indexOf(c)}`} role="option" aria-selected={c === chosen} onClick={() => take(c)}>
              <Icon name={c.icon} size={15} />
              <span className="one">{c.label}</span>
              <span className="mut sm one">{c.detail}</span>
            </li>
          ))}
        </ul>
        {shown.length === 0 ? <p className="palette-n mut">{none}</p> : null}
      </Modal.Content>
    </Modal.Root>
  );
}
