import { useEffect, useState } from "react";
import { useRouteError } from "react-router";
import { unanswered as words } from "../../text/strings";

const ASK_MS = 2_000;

/** A file that is still not there so soon after the page was loaded again is missing on a server that answers: asking for it without end helps nobody. */
const ONCE_IN_MS = 30_000;
const LOADED_AGAIN = "sigmatiq.loaded-again";

// Vite says here which part of the studio could not be loaded, before the import fails with the same error.
const unloaded = new WeakSet<object>();
window.addEventListener("vite:preloadError", (event) => {
  unloaded.add((event as Event & { payload: Error }).payload);
});

/** What is left where a page broke: what happened, and the way back. */
export function Broken() {
  const error = useRouteError();
  const [isMissing] = useState(() => Date.now() - Number(sessionStorage.getItem(LOADED_AGAIN) ?? 0) < ONCE_IN_MS);
  if (error instanceof Error && unloaded.has(error)) return <Unanswered error={error} isMissing={isMissing} />;
  return <Said title="This page broke" text={error instanceof Error ? error.message : String(error)} />;
}

/**
 * A page whose files did not come. A browser keeps a module that failed as failed, so nothing less than loading the page anew helps;
 * that waits for an answer, since a page that is loaded while nobody answers is gone for good.
 */
function Unanswered({ error, isMissing }: { error: Error; isMissing: boolean }) {
  const [answers, setAnswers] = useState(false);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let silent = false;
    const ask = async (): Promise<void> => {
      const isThere = await fetch(location.href, { cache: "no-store" }).then((r) => r.status < 500, () => false);
      if (stopped) return;
      if (!isThere) {
        silent = true;
        timer = setTimeout(() => void ask(), ASK_MS);
      } else if (silent || !isMissing) {
        sessionStorage.setItem(LOADED_AGAIN, String(Date.now()));
        location.reload();
      } else setAnswers(true);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [isMissing]);
  if (answers) return <Said title="This page broke" text={error.message} />;
  return (
    <section className="pg" role="status" aria-busy="true">
      <div className="hd">
        <h1>{words.what}</h1>
      </div>
      <p className="sub">{words.why}</p>
    </section>
  );
}

function Said({ title, text }: { title: string; text: string }) {
  return (
    <main className="pg" role="alert">
      <div className="hd">
        <h1>{title}</h1>
      </div>
      <p className="sub">{text}</p>
      <p>
        <button type="button" className="btn p" onClick={() => location.reload()}>
          Load it again
        </button>
      </p>
    </main>
  );
}
