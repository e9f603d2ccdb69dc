import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { publishPack, type PackDocument } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { useBarrier } from "../../api/rights";
import { many } from "../../text/format";
import { nextSteps } from "../../text/models";
import { blocks, packs as words } from "../../text/packs";
import { nav } from "../../text/strings";
import { Check } from "./Check";
import { PackDiff } from "./Diff";
import { Features, Gates, Indicators, Parameters, Policies, Strategies } from "./Document";
import { Findings } from "./Findings";
import { lintQuery, packQuery } from "./queries";
import "./style.css";

export function PackPage() {
  const { pack, version } = useParams();
  const id = version === undefined ? pack! : `${pack!}@${version}`;
  const { data, error, refetch } = useQuery(packQuery(id));
  const name = data?.pack.name ?? pack!;
  const crumbs = useMemo(() => [{ label: nav.packs, to: "/packs" }, { label: name }, ...(version === undefined ? [] : [{ label: version, mono: true }])], [name, version]);
  usePage(`${nav.packs}, ${name}`, crumbs);
  if (data !== undefined) return <Shown key={id} doc={data} />;
  return (
    <div className="pg" aria-busy={error === null}>
      <div className="hd">
        <h1>{error === null ? <Skeleton width={220} height={24} /> : name}</h1>
      </div>
      {error === null ? (
        <>
          <Skeleton height={150} />
          <Skeleton height={320} />
          <Skeleton height={260} />
        </>
      ) : (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadOne} />
        </section>
      )}
      {error === null ? null : <Lint id={id} />}
    </div>
  );
}

function Lint({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(lintQuery(id));
  return (
    <section className="card" id="lint" aria-labelledby="lint-h">
      <div className="ch">
        <h2 id="lint-h">{words.lint}</h2>
        <span className="s">{words.lintNote}</span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "packs", "lint", id]} />
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : data === undefined ? <Skeleton height={44} /> : <Findings linted={data} />}
    </section>
  );
}

function Shown({ doc }: { doc: PackDocument }) {
  const { pack, character } = doc;
  const [search, setSearch] = useAddress();
  const go = useNavigate();
  const operate = useBarrier("operate");
  const plan = useBarrier("plan");
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const action = search.get("do");
  const against = search.get("diff");
  const others = doc.versions.filter((v) => v.version !== pack.version);
  const set = (name: string, value: string | null): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (value === null) next.delete(name);
      else next.set(name, value);
      return next;
    });
  // The version before is what people compare with; the newest one compares with it.
  const before = others[doc.versions.findIndex((v) => v.version === pack.version)] ?? others[0];
  useKeys({
    e: () => set("do", action === "check" ? null : "check"),
    d: () => before !== undefined && set("diff", against === null ? before.version : null),
    Escape: () => (action !== null ? set("do", null) : against !== null ? set("diff", null) : void go("/packs")),
  });
  const facts: [string, string][] = [
    ["Horizon", character.time_horizon], ["Risk appetite", character.risk_appetite], ["Decides by", character.decision_style], ["Market", character.market_preference.replaceAll("_", " ")],
    ["Execution", character.execution_character], ["Instruments", character.instruments.join(", ")], ["Bars", `${character.interval}, rules on ${character.rule_frame === "day" ? "daily bars" : "the same"}`],
    ["Tags", character.tags.map((t) => t.replaceAll("_", " ")).join(", ")],
  ];
  return (
    <div className="doc">
      <div className="doc-main">
        <div className="hd">
          <h1>
            <OtherText>{pack.name}</OtherText>
          </h1>
          <span className="mono sub">{pack.version}</span>
          {doc.published === null ? <StateBadge state="pending" label={words.draft} /> : <StateBadge state="approved" label={words.published} />}
          <span className="sp" />
          <div className="tools">
          <CopyAsCli command={["./sigmatiq", "packs", "show", pack.id]} />
          {before === undefined ? null : (
            <button type="button" className="btn s" aria-pressed={against !== null} onClick={() => set("diff", against === null ? before.version : null)}>
              <Icon name="diff" size={14} /> {words.diff} <kbd>D</kbd>
            </button>
          )}
          <button type="button" className="btn s" aria-pressed={action === "check"} onClick={() => set("do", action === "check" ? null : "check")}>
            <Icon name="copy" size={14} /> {words.check} <kbd>E</kbd>
          </button>
          </div>
        </div>
        <p className="sub">
          <OtherText most={300}>{pack.description}</OtherText>
        </p>
        {against === null ? null : <PackDiff before={`${pack.pack_id}@${against}`} after={pack.id} onClose={() => set("diff", null)} />}
        {action === "check" ? <Check id={pack.id} barrier={plan} onClose={() => set("do", null)} /> : null}
        <section className="card" aria-labelledby="what-h">
          <div className="ch">
            <h2 id="what-h">{words.what}</h2>
          </div>
          <dl className="facts">
            {facts.map(([term, text]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>
                  <OtherText most={120}>{text}</OtherText>
                </dd>
              </div>
            ))}
          </dl>
        </section>
        <Strategies strategies={doc.strategies} />
        <Gates gates={doc.gates} />
        <Features features={doc.features} />
        <Policies policies={doc.policies} blocks={blocks} />
        <Indicators indicators={doc.indicators} />
        <Parameters parameters={doc.parameters} />
        <Lint id={pack.id} />
      </div>
      <aside className="doc-rail" aria-label="About this version">
        <section className="card" aria-labelledby="rail-v">
          <div className="ch">
            <h2 id="rail-v">{words.versions}</h2>
          </div>
          <ul className="vers">
            {doc.versions.map((v) => (
              <li key={v.version} aria-current={v.version === pack.version ? "true" : undefined}>
                <Link className="mono link" to={`/packs/${encodeURIComponent(pack.pack_id)}/${encodeURIComponent(v.version)}`}>
                  {v.version}
                </Link>
                <span className="sm sub">{v.published === null ? (v.usable ? words.draft : words.unusable) : words.published}</span>
                <span className="sm mut">{many(v.models, "model", "models")}</span>
                {v.version === pack.version ? null : (
                  <button type="button" className="btn s g" onClick={() => set("diff", v.version)} aria-label={`${words.diff} ${pack.version} with ${v.version}`}>
                    {words.diff}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
        <section className="card" aria-labelledby="rail-m">
          <div className="ch">
            <h2 id="rail-m">{words.models}</h2>
          </div>
          {doc.models.length === 0 ? <p className="pad sub sm">{words.noModels}</p> : (
            <ul className="vers">
              {doc.models.slice(0, 8).map((m) => (
                <li key={m.id} className="of-model">
                  <Link className="link one" to={`/models/${encodeURIComponent(m.id)}`}>
                    <OtherText most={60}>{m.name}</OtherText>
                  </Link>
                  <span className="sm sub">{nextSteps[m.next_step] ?? m.next_step}</span>
                </li>
              ))}
            </ul>
          )}
          <div className="pad">
            {plan === null ? (
              <Link className="btn" to={`/models/new?pack=${encodeURIComponent(pack.id)}`}>
                <Icon name="plus" size={14} /> {words.make}
              </Link>
            ) : (
              <button type="button" className="btn" disabled title={plan}>
                <Icon name="plus" size={14} /> {words.make}
              </button>
            )}
          </div>
        </section>
        <section className="card" aria-labelledby="rail-d">
          <div className="ch">
            <h2 id="rail-d">{words.digest}</h2>
            <span className="s">of all six files</span>
          </div>
          <div className="pad stack">
            <DigestChip digest={pack.hash} algorithm="sha256" />
            {doc.published === null ? (
              <>
                <button type="button" className="btn" disabled={operate !== null} title={operate ?? undefined} aria-describedby="publish-why" onClick={() => setAsked(true)}>
                  <Icon name="lock" size={14} /> {words.publish}
                </button>
                <span className="sm mut" id="publish-why">
                  {operate}
                </span>
              </>
            ) : (
              <p className="sm sub">
                {words.isPublished} By <OtherText most={40}>{doc.published.by}</OtherText>, <TimeText at={doc.published.at_utc} />.
              </p>
            )}
          </div>
        </section>
      </aside>
      <PreviewDialog
        title={`Publish ${pack.id}`} open={asked} onClose={() => setAsked(false)} effects={[words.publishWhat, words.publishTakes]}
        stays={["Models that are made of it stay as they are."]} confirm="Publish" reason={false}
        onConfirm={async () => {
          const done = await publishPack({ id: pack.id, body: {} });
          toast({ tone: "ok", text: `${done.id} is published${done.warnings.length === 0 ? "" : `, with ${many(done.warnings.length, "warning", "warnings")}`}.` });
          await queries.invalidateQueries({ queryKey: ["pack"] });
        }}
        cli={["./sigmatiq", "packs", "publish", pack.id]}
      />
    </div>
  );
}
