import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from "react";
import { Glyph } from "../Icon";
import "./style.css";

interface Toast {
  id: number;
  tone: "ok" | "bad";
  text: string;
  action?: { label: string; run(): void } | undefined;
}

const SHOWN_MS = 6_000;
const UNDO_MS = 10_000;

const Context = createContext<((toast: Omit<Toast, "id">) => void) | null>(null);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), []);
  const add = useCallback(
    (toast: Omit<Toast, "id">) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-2), { ...toast, id }]);
      setTimeout(() => drop(id), toast.action === undefined ? SHOWN_MS : UNDO_MS);
    },
    [drop],
  );
  const list = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((t) => (
          <div key={t.id} className={`toast t-${t.tone}`}>
            <Glyph name={t.tone === "ok" ? "tick" : "cross"} />
            <span className="toast-t">{t.text}</span>
            {t.action === undefined ? null : (
              <button
                type="button"
                className="btn s"
                onClick={() => {
                  t.action?.run();
                  drop(t.id);
                }}
              >
                {t.action.label}
              </button>
            )}
          </div>
        ))}
      </div>
    ),
    [toasts, drop],
  );
  return (
    <Context.Provider value={add}>
      {children}
      {list}
    </Context.Provider>
  );
}

export function useToast(): (toast: Omit<Toast, "id">) => void {
  const found = useContext(Context);
  if (found === null) throw new Error("useToast needs a ToastProvider around it.");
  return found;
}
