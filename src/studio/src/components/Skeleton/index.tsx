/** A place of final size for what is being read. */
export function Skeleton({ width = "100%", height = 14 }: { width?: number | string; height?: number }) {
  return <span className="sk" style={{ width, height }} aria-hidden="true" />;
}

export function SkeletonRows({ rows, height = 47 }: { rows: number; height?: number }) {
  return (
    <div role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} style={{ height, display: "grid", alignItems: "center", padding: "0 14px", borderBottom: "1px solid var(--line)" }}>
          <Skeleton width={`${82 - ((i * 17) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}
