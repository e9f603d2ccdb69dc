import { useEffect, useRef } from "react";

/** Whether a person is typing, so that single keys rest. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

/** The name of a key with what was held: "z", "Shift C", "Ctrl k", "Escape". */
export function nameOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? "Ctrl " : "";
  const shift = event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key) ? "Shift " : "";
  const key = event.key.length === 1 ? (shift === "" ? event.key.toLowerCase() : event.key.toUpperCase()) : event.key;
  return held + shift + key;
}

/** Single keys of the page, or of the whole studio. They rest while a field has focus, while a dialog is open, and where they are turned off. */
export function useKeys(map: KeyMap, on = true): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (!on) return;
    const heard = (event: KeyboardEvent): void => {
      const name = nameOf(event);
      const isSingle = !name.startsWith("Ctrl ");
      if (event.defaultPrevented || event.altKey || (isSingle && (isTyping(event.target) || document.querySelector("[role=dialog]") !== null || areOff()))) return;
      const action = latest.current[name];
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, [on]);
}

export function areOff(): boolean {
  try {
    return localStorage.getItem("sigmatiq.keys") === "off";
  } catch {
    return false;
  }
}

export function turn(off: boolean): void {
  try {
    localStorage.setItem("sigmatiq.keys", off ? "off" : "on");
  } catch {
    // Then they stay on until the page is loaded again.
  }
}
