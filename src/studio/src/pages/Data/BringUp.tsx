import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { alignSeries, makeSample, type SeriesAligned, type SeriesListed } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useToast } from "../../components/Toasts";
import { count, many } from "../../text/format";
import { data as words } from "../../text/operate";

/** Brings every series up to the last completed session, or makes the sample market where there is nothing yet. */
export function BringUp({ what, series }: { what: "align" | "sample"; series: readonly SeriesListed[] }) {
  const [open, setOpen] = useState(false);
  const barred = useBarrier("operate");
  const queries = useQueryClient();
  const toast = useToast();
  const text = words[what];
  return (
    <>
      <button type="button" className="btn" disabled={barred !== null} title={barred ?? undefined} onClick={() => setOpen(true)}>
        {text.run}
      </button>
      <PreviewDialog
        title={text.title} open={open} onClose={() => setOpen(false)} confirm={text.confirm} reason effects={what === "align" ? [`${many(series.length, "series is", "series are")} filled up to the last completed session.`, text.effect] : [text.effect]} stays={[text.stays]}
        cli={() => ["./sigmatiq", "data", what]}
        onConfirm={async (reason) => {
          const brought = what === "align" ? await alignSeries({ body: { reason } }) : await makeSample({ body: { reason } });
          toast({ tone: "ok", text: told(brought) });
          await Promise.all([queries.invalidateQueries({ queryKey: ["series"] }), queries.invalidateQueries({ queryKey: ["overview"] })]);
        }}
      />
    </>
  );
}

function told(brought: readonly SeriesAligned[]): string {
  const added = brought.reduce((n, s) => n + s.added_bars, 0);
  const stale = brought.filter((s) => s.stale).length;
  return `${added === 0 ? "No bar was missing" : `${count(added)} bars came in`}${stale === 0 ? "." : `; ${many(stale, "series lacks", "series lack")} sessions and ${stale === 1 ? "has" : "have"} no feed.`}`;
}
