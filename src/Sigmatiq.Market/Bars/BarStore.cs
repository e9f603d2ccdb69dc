using System.Text.Json;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Store.Snapshots;

namespace Sigmatiq.Market.Bars;

/// <summary>All bars of the store: immutable snapshots in files, and rows that say which one is the newest of a series.</summary>
/// <remarks>A series is a symbol and an interval. Nothing is ever overwritten: a correction or a longer series is a new snapshot that
/// shares the files of the years that did not change.</remarks>
public sealed class BarStore(DataDirectory data, IRowStore rows, TimeProvider clock, IdSource ids)
{
    private const string Select = """
        select s.id, s.symbol, s.interval, s.source, s.source_version, s.first_start_utc, s.last_start_utc, s.bars, s.findings
        from bar_snapshots s
        """;

    // A table has no interval of its own.
    private const string OfTables = "table";

    private readonly BarFiles files = new(data);

    /// <summary>The newest snapshot of a series, or null where the store has no such bars.</summary>
    public async Task<BarSnapshot?> LatestAsync(Symbol symbol, Interval interval, CancellationToken ct) =>
        (await rows.FirstOrDefaultAsync<SnapshotRow>(
            $"{Select} join bar_series b on b.snapshot_id = s.id where b.symbol = @Symbol and b.interval = @Interval",
            new { Symbol = symbol.Value, Interval = interval.Text() }, ct))?.ToSnapshot();

    /// <summary>The newest snapshot of a series that must be there.</summary>
    /// <exception cref="ProblemException">MKT-4001, exit 4: the store has no such bars.</exception>
    public async Task<BarSnapshot> RequireAsync(Symbol symbol, Interval interval, CancellationToken ct) =>
        await LatestAsync(symbol, interval, ct) ?? throw Missing(symbol, interval);

    /// <summary>A snapshot by its id.</summary>
    /// <exception cref="ProblemException">MKT-4002, exit 4: there is none.</exception>
    public async Task<BarSnapshot> FindAsync(ContentHash id, CancellationToken ct) =>
        (await rows.FirstOrDefaultAsync<SnapshotRow>($"{Select} where s.id = @Id", new { Id = id.Hex }, ct))?.ToSnapshot()
        ?? throw new ProblemException("MKT-4002", $"The store has no snapshot {id.Short} of bars.", "snapshot", "See 'sigmatiq data list'.", ExitCode.DataRefused);

    /// <summary>The newest snapshot of every series, by symbol and interval.</summary>
    public async Task<IReadOnlyList<BarSnapshot>> ListAsync(CancellationToken ct) =>
        [.. (await rows.QueryAsync<SnapshotRow>($"{Select} join bar_series b on b.snapshot_id = s.id order by s.symbol, s.interval", null, ct)).Select(r => r.ToSnapshot())];

    /// <summary>The newest snapshots, with when each was made.</summary>
    /// <param name="symbol">Only of this symbol; null takes all.</param>
    /// <param name="interval">Only of bars of this length; null takes all.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Cancels the look.</param>
    public async Task<IReadOnlyList<(BarSnapshot Snapshot, DateTimeOffset MadeAtUtc)>> HistoryAsync(Symbol? symbol, Interval? interval, int most, CancellationToken ct)
    {
        var of = new { Symbol = symbol?.Value ?? "", Interval = interval?.Text() ?? "", most };
        const string which = "where (@Symbol = '' or s.symbol = @Symbol) and (@Interval = '' or s.interval = @Interval) order by s.made_at_utc desc, s.id limit @most";
        IReadOnlyList<SnapshotRow> found = await rows.QueryAsync<SnapshotRow>($"{Select} {which}", of, ct);
        Dictionary<string, DateTimeOffset> made = (await rows.QueryAsync<(string Id, DateTimeOffset MadeAtUtc)>($"select s.id, s.made_at_utc from bar_snapshots s {which}", of, ct))
            .ToDictionary(r => r.Id, r => r.MadeAtUtc, StringComparer.Ordinal);
        return [.. found.Where(r => made.ContainsKey(r.Id)).Select(r => (r.ToSnapshot(), made[r.Id]))];
    }

    /// <summary>Bars of a snapshot, read after all its bytes have been held against their hashes.</summary>
    /// <exception cref="ProblemException">STO-3001 … STO-3004, exit 4: manifest or files are missing or changed.</exception>
    public BarColumns Read(ContentHash id, CancellationToken ct) => files.Read(id, ct);

    /// <summary>The files of a snapshot with their hashes.</summary>
    /// <exception cref="ProblemException">STO-3001, STO-3004: the manifest is missing or changed.</exception>
    public SnapshotManifest Manifest(ContentHash id) => files.Manifest(id);

    /// <summary>Every file of a snapshot that is not what its manifest says; empty when all are.</summary>
    /// <exception cref="ProblemException">STO-3001, STO-3004: the manifest is missing or changed.</exception>
    public IReadOnlyList<Problem> Verify(ContentHash id, CancellationToken ct) => files.Verify(id, ct);

    /// <summary>Waivers under which the bars of a series were taken in, oldest first.</summary>
    public Task<IReadOnlyList<StoredWaiver>> WaiversAsync(Symbol symbol, Interval interval, CancellationToken ct) => rows.QueryAsync<StoredWaiver>(
        """
        select w.rule, w.reason, w.bars, w.file, w.made_at_utc from quality_waivers w join bar_snapshots s on s.id = w.snapshot_id
        where s.symbol = @Symbol and s.interval = @Interval order by w.made_at_utc, w.rule
        """,
        new { Symbol = symbol.Value, Interval = interval.Text() }, ct);

    /// <summary>Waivers that stand for every later import of a series.</summary>
    public Task<IReadOnlyList<QualityWaiver>> StandingWaiversAsync(Symbol symbol, Interval interval, CancellationToken ct) =>
        StandingAsync(symbol.Value, interval.Text(), ct);

    /// <summary>Waivers that stand for a series of a table, which is only checked: <c>macro_daily.usdmxn</c>.</summary>
    public Task<IReadOnlyList<QualityWaiver>> StandingWaiversAsync(string table, CancellationToken ct) => StandingAsync(table, OfTables, ct);

    /// <summary>Lets a waiver stand for every later import of a series; a newer reason takes the place of an older one.</summary>
    public Task WaiveAsync(Symbol symbol, Interval interval, QualityWaiver waiver, CancellationToken ct) => WaiveAsync(symbol.Value, interval.Text(), waiver, ct);

    /// <summary>Lets a waiver stand for every later check of a series of a table.</summary>
    public Task WaiveAsync(string table, QualityWaiver waiver, CancellationToken ct) => WaiveAsync(table, OfTables, waiver, ct);

    /// <summary>Makes the given bars the newest state of their series. The same bars again are the same snapshot and change nothing.</summary>
    /// <param name="states">Whole series, each with the snapshot it was made from.</param>
    /// <param name="ct">Stops before the rows are written; files without a row are never read.</param>
    /// <returns>The snapshots in the order of the states.</returns>
    /// <exception cref="ProblemException">MKT-4003: another process changed a series meanwhile; no series is changed. MKT-4004: files are
    /// being pruned.</exception>
    public async Task<IReadOnlyList<BarSnapshot>> PutAsync(IReadOnlyList<BarState> states, CancellationToken ct)
    {
        using IDisposable writing = BarPrune.Writing(data);
        List<(BarState State, BarSnapshot Snapshot)> written = [];
        foreach (BarState state in states)
        {
            ct.ThrowIfCancellationRequested();
            SnapshotManifest manifest = files.Put(state.Bars, state.Origin, ct);
            written.Add((state, new(
                manifest.Id, state.Bars.Symbol, state.Bars.Interval, state.Origin.Name, state.Origin.Version, state.Bars.StartUtc(0),
                state.Bars.StartUtc(state.Bars.Count - 1), state.Bars.Count, state.Findings)));
        }

        await rows.InTransactionAsync(async tx =>
        {
            foreach ((BarState state, BarSnapshot snapshot) in written.Where(w => w.Snapshot.Id != w.State.Previous?.Id))
            {
                await PutAsync(tx, state, snapshot, ct);
            }
        }, ct);
        return [.. written.Select(w => w.Snapshot)];
    }

    internal static ProblemException Missing(Symbol symbol, Interval interval) => new(
        "MKT-4001", $"The store has no bars of {symbol} at {interval.Text()}.", "symbol",
        symbol.IsSynthetic ? "Make them with 'sigmatiq data sample'." : "Bring them in with 'sigmatiq data import FILE'.", ExitCode.DataRefused);

    private Task<IReadOnlyList<QualityWaiver>> StandingAsync(string name, string interval, CancellationToken ct) => rows.QueryAsync<QualityWaiver>(
        "select rule, reason from standing_waivers where symbol = @Symbol and interval = @Interval order by rule", new { Symbol = name, Interval = interval }, ct);

    private Task WaiveAsync(string name, string interval, QualityWaiver waiver, CancellationToken ct) => rows.ExecuteAsync(
        """
        insert into standing_waivers (symbol, interval, rule, reason, made_at_utc) values (@Symbol, @Interval, @Rule, @Reason, @Now)
        on conflict (symbol, interval, rule) do update set reason = excluded.reason, made_at_utc = excluded.made_at_utc
        """,
        new { Symbol = name, Interval = interval, waiver.Rule, waiver.Reason, Now = clock.GetUtcNow() }, ct);

    private async Task PutAsync(IRowTransaction tx, BarState state, BarSnapshot snapshot, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Instrument instrument = Instrument.Of(snapshot.Symbol);
        var series = new { Id = snapshot.Id.Hex, Symbol = snapshot.Symbol.Value, Interval = snapshot.Interval.Text(), Previous = state.Previous?.Id.Hex };
        await tx.ExecuteAsync(
            """
            insert into symbols (symbol, asset_class, calendar, synthetic, first_seen_at_utc) values (@Symbol, @AssetClass, @Calendar, @Synthetic, @Now)
            on conflict (symbol) do nothing
            """,
            new { series.Symbol, instrument.AssetClass, Calendar = instrument.Calendar.Id, Synthetic = snapshot.IsSynthetic, Now = now }, ct);
        await tx.ExecuteAsync(
            """
            insert into bar_snapshots (id, symbol, interval, source, source_version, first_start_utc, last_start_utc, bars, findings, previous_id, made_at_utc)
            values (@Id, @Symbol, @Interval, @Source, @SourceVersion, @FirstStartUtc, @LastStartUtc, @Bars, @Findings, @Previous, @Now)
            on conflict (id) do nothing
            """,
            new
            {
                series.Id, series.Symbol, series.Interval, snapshot.Source, snapshot.SourceVersion, snapshot.FirstStartUtc, snapshot.LastStartUtc,
                snapshot.Bars, Findings = JsonSerializer.Serialize(snapshot.Findings), series.Previous, Now = now,
            }, ct);
        int moved = state.Previous is null
            ? await tx.ExecuteAsync("insert into bar_series (symbol, interval, snapshot_id) values (@Symbol, @Interval, @Id) on conflict (symbol, interval) do nothing", series, ct)
            : await tx.ExecuteAsync("update bar_series set snapshot_id = @Id where symbol = @Symbol and interval = @Interval and snapshot_id = @Previous", series, ct);
        if (moved != 1)
        {
            throw new ProblemException("MKT-4003", $"Another process changed the bars of {snapshot.Symbol} at {series.Interval} meanwhile.", series.Symbol, "Run the command again.");
        }

        foreach ((QualityWaiver waiver, int bars) in state.Waived)
        {
            await tx.ExecuteAsync(
                "insert into quality_waivers (id, snapshot_id, rule, reason, bars, file, made_at_utc) values (@Id, @SnapshotId, @Rule, @Reason, @Bars, @File, @Now)",
                new { Id = ids.NextUuid(), SnapshotId = series.Id, waiver.Rule, waiver.Reason, Bars = bars, state.File, Now = now }, ct);
        }
    }

    private sealed record SnapshotRow(
        string Id, string Symbol, string Interval, string Source, string SourceVersion, DateTimeOffset FirstStartUtc, DateTimeOffset LastStartUtc, long Bars, string Findings)
    {
        public BarSnapshot ToSnapshot() => new(
            ContentHash.Parse(Id), Symbols.Symbol.Parse(Symbol), Intervals.Parse(Interval), Source, SourceVersion, FirstStartUtc, LastStartUtc, Bars,
            JsonSerializer.Deserialize<Dictionary<string, int>>(Findings)!);
    }
}

/// <summary>A whole series on its way into the store.</summary>
/// <param name="Bars">All its bars, in order, at least one.</param>
/// <param name="Origin">Where they come from.</param>
/// <param name="Previous">The snapshot that this state follows, or null for a new series.</param>
public sealed record BarState(BarColumns Bars, BarOrigin Origin, BarSnapshot? Previous)
{
    /// <summary>What the quality gates found: rule → bars.</summary>
    public IReadOnlyDictionary<string, int> Findings { get; init; } = new Dictionary<string, int>();

    /// <summary>Broken facts taken in on a person's word, with the number of bars.</summary>
    public IReadOnlyList<(QualityWaiver Waiver, int Bars)> Waived { get; init; } = [];

    /// <summary>File that the bars came from; empty where there is none.</summary>
    public string File { get; init; } = "";
}

/// <summary>A waiver as it stands in the store.</summary>
/// <param name="Rule">Waived rule.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bars">How many bars it covered.</param>
/// <param name="File">File the bars came from.</param>
/// <param name="MadeAtUtc">When.</param>
public sealed record StoredWaiver(string Rule, string Reason, long Bars, string File, DateTimeOffset MadeAtUtc);
