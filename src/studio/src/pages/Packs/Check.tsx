import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { validatePack, type PackFinding, type PackLinted } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { Segmented } from "../../components/Segmented";
import { SkeletonRows } from "../../components/Skeleton";
import { packs as words } from "../../text/packs";
import { Findings } from "./Findings";
import { offsetOf } from "./model";
import { filesQuery } from "./queries";

const REST_MS = 500;
const names = ["pack.yaml", "indicators.yaml", "features.yaml", "strategies.yaml", "gates.yaml", "policies.yaml"];

/** The six texts of a version to change, with what the linter says of them as they are typed. Nothing is saved. */
export function Check({ id, barrier, onClose }: { id: string; barrier: string | null; onClose(): void }) {
  const { data, error, refetch } = useQuery(filesQuery(id));
  return (
    <section className="card" id="check" aria-labelledby="check-h">
      <div className="ch">
        <h2 id="check-h">{words.checkTitle}</h2>
        <span className="s">{words.checkWhy}</span>
        <span className="sp" />
        <button type="button" className="btn s" onClick={onClose}>
          {words.close}
        </button>
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : data === undefined ? <SkeletonRows rows={5} height={36} /> : <Texts start={data.files} barrier={barrier} />}
    </section>
  );
}

function Texts({ start, barrier }: { start: Record<string, string>; barrier: string | null }) {
  const [texts, setTexts] = useState(start);
  const [file, setFile] = useState(names.find((n) => n === "strategies.yaml" && n in start) ?? names[0]!);
  const [found, setFound] = useState<PackLinted | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const going = useRef<PackFinding | null>(null);

  useEffect(() => {
    if (barrier !== null) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      validatePack({ body: { files: texts }, signal: stop.signal }).then(
        (linted) => {
          setFound(linted);
          setFailed(null);
        },
        (caught: unknown) => {
          if (!stop.signal.aborted) setFailed(caught);
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [texts, barrier]);

  useEffect(() => {
    const finding = going.current;
    if (finding === null || finding.line === null || area.current === null || finding.file !== file) return;
    going.current = null;
    const at = offsetOf(texts[file] ?? "", finding.line, finding.column ?? 1);
    area.current.focus();
    area.current.setSelectionRange(at, at);
    area.current.scrollTop = Math.max(0, (finding.line - 4) * 18);
  });

  const save = (): void => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([texts[file] ?? ""], { type: "text/yaml" }));
    link.download = file;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  return (
    <div className="check">
      <div className="check-bar">
        <Segmented label="File" value={file} options={names.map((n) => ({ value: n, label: n.replace(".yaml", "") }))} onChange={setFile} />
        <span className="sp" />
        <button type="button" className="btn s" onClick={save}>
          <Icon name="download" size={14} /> {words.download} {file}
        </button>
      </div>
      <textarea
        ref={area} className="input mono yaml" aria-label={`${words.text} ${file}`} value={texts[file] ?? ""} spellCheck={false} readOnly={barrier !== null} wrap="off"
        onChange={(e) => setTexts((was) => ({ ...was, [file]: e.target.value }))}
      />
      <div aria-live="polite">
        {barrier !== null ? <p className="pad sub">{barrier}</p> : failed !== null ? <ErrorPanel error={failed} /> : found === null ? <p className="pad sub">{words.checking}…</p> : (
          <Findings
            linted={found}
            onGo={(finding) => {
              going.current = finding;
              setFile(finding.file ?? file);
              setFound((was) => was && { ...was });
            }}
          />
        )}
      </div>
    </div>
  );
}
