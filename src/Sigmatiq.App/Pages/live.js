(() => {
  "use strict";
  const first = document.querySelector("[data-version]");
  if (!first || !window.EventSource) return;
  let version = first.dataset.version;
  const typed = (part) => part.querySelector("textarea")?.value ?? "";

  async function refresh() {
    const answer = await fetch("/status", { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = next.title;
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh || fresh.outerHTML === part.outerHTML) continue;
      const reason = typed(part);
      const same = part.dataset.digest && part.dataset.digest === fresh.dataset.digest;
      if (reason && same && fresh.querySelector("textarea")) continue;
      part.replaceWith(document.adoptNode(fresh));
      const area = fresh.querySelector("textarea");
      if (area && reason) area.value = reason;
    }
    version = next.querySelector("[data-version]")?.dataset.version ?? version;
  }

  const source = new EventSource("/events");
  source.addEventListener("version", (event) => { if (event.data !== version) refresh(); });
  // Closed for good means refused: the session has ended, and the page shall say so.
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) refresh(); });
})();
