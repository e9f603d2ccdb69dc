using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What <see cref="SweepStore.BeginAsync"/> found or made.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Status">Its state.</param>
/// <param name="IsNew">False where the same request had a sweep already.</param>
/// <param name="IsResumed">Whether that one was cancelled and now goes on.</param>
public sealed record SweepBegun(string SweepId, string Status, bool IsNew, bool IsResumed = false)
{
    /// <summary>Whether somebody has to run it now.</summary>
    public bool NeedsRun => IsNew || IsResumed;
}

/// <summary>What a sweep was asked for with.</summary>
internal sealed record AskedSweep(SweepRequest Request, string UserId, ContentHash Snapshot, DateOnly? LastSession, Plan Plan, string WorkHash);

/// <summary>Sweeps, their combos and files (spec 02 §2.12, §2.13).</summary>
public sealed class SweepStore(IRowStore rows, DataDirectory data, AuditChain audit, TimeProvider clock)
{
    private const int AnyCombo = 0;

    /// <summary>Asks for a sweep. The same request finds the sweep that is there, and gives it its tag too; one that was cancelled goes on from what
    /// it has stored; one that failed is left as it is, and a new one made.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="requestedBy">Who asks.</param>
    /// <param name="force">Asks for a new one in any case. Its combos were counted as trials before and are not again.</param>
    /// <param name="ct">Stops before anything is written.</param>
    public Task<SweepBegun> BeginAsync(SweepWork work, string requestedBy, bool force, CancellationToken ct)
    {
        string hash = work.Hash.Hex;
        return rows.InTransactionAsync(async tx =>
        {
            SweepRecord? earlier = force ? null : await EarlierAsync(tx, hash, ct);
            if (earlier is null)
            {
                return new SweepBegun(await InsertAsync(tx, work, hash, requestedBy, ct), "queued", true);
            }

            // Somebody asks again: what ended its workers so far is not held against it.
            await tx.ExecuteAsync("update sweeps set lost = 0 where sweep_id = @SweepId", new { earlier.SweepId }, ct);
            await TagAsync(tx, earlier.SweepId, work.Plan.Request.Tag, ct);
            return earlier.Status == "cancelled" && await ResumeAsync(tx, earlier, requestedBy, ct)
                ? new(earlier.SweepId, "queued", false, IsResumed: true)
                : new(earlier.SweepId, earlier.Status, false);
        }, ct);
    }

    /// <summary>Lets a cancelled or failed sweep go on from what it has stored; any other stays as it is.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    public async Task<SweepBegun> ResumeAsync(string sweepId, string requestedBy, CancellationToken ct)
    {
        SweepRecord record = await FindAsync(sweepId, ct);
        return await rows.InTransactionAsync(async tx => await ResumeAsync(tx, record, requestedBy, ct)
            ? new SweepBegun(sweepId, "queued", false, IsResumed: true)
            : new(sweepId, record.Status, false), ct);
    }

    /// <summary>A sweep in any state.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    public async Task<SweepRecord> FindAsync(string sweepId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<SweepRecord>($"select {SweepRecord.Columns} from sweeps where sweep_id = @Id", new { Id = sweepId }, ct) ?? throw Unknown(sweepId);

    /// <summary>Sweeps with a tag and of a model, where given; newest first.</summary>
    public Task<IReadOnlyList<SweepRecord>> ListAsync(string? tag, string? modelId, CancellationToken ct) => rows.QueryAsync<SweepRecord>(
        $"""
        select {SweepRecord.Columns} from sweeps
        where (@Tag is null or sweep_id in (select sweep_id from sweep_tags where tag = @Tag)) and (@Model is null or model_id = @Model)
        order by created_at_utc desc, length(sweep_id) desc, sweep_id desc
        """,
        new { Tag = tag, Model = modelId }, ct);

    /// <summary>A page of sweeps with a tag and of a model, where given; newest first.</summary>
    /// <param name="tag">The tag, or null.</param>
    /// <param name="modelId">The model, or null.</param>
    /// <param name="after">The last sweep of the page before; null begins. One that is not there begins too.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<IReadOnlyList<SweepRecord>> ListAsync(string? tag, string? modelId, string? after, int limit, CancellationToken ct)
    {
        DateTimeOffset? at = after is null ? null : (await rows.FirstOrDefaultAsync<SweepRecord>($"select {SweepRecord.Columns} from sweeps where sweep_id = @after", new { after }, ct))?.CreatedAtUtc;
        return await rows.QueryAsync<SweepRecord>(
            $"""
            select {SweepRecord.Columns} from sweeps
            where (@Tag is null or sweep_id in (select sweep_id from sweep_tags where tag = @Tag)) and (@Model is null or model_id = @Model)
                {(at is null ? "" : "and (created_at_utc, length(sweep_id), sweep_id) < (@At, @Length, @After)")}
            order by created_at_utc desc, length(sweep_id) desc, sweep_id desc limit @Limit
            """,
            new { Tag = tag, Model = modelId, At = at, Length = after?.Length ?? 0, After = after, Limit = limit }, ct);
    }

    /// <summary>The best combo of each sweep that has a leaderboard, by sweep.</summary>
    public async Task<IReadOnlyDictionary<string, LeaderboardRow>> BestAsync(IReadOnlyList<string> sweepIds, CancellationToken ct)
    {
        Dictionary<string, LeaderboardRow> best = new(StringComparer.Ordinal);
        foreach (string id in sweepIds)
        {
            if (await rows.FirstOrDefaultAsync<ComboRow>($"select {ComboRow.Columns} from combos where sweep_id = @id and rank = 1", new { id }, ct) is { } row)
            {
                best[id] = row.ToRow();
            }
        }

        return best;
    }

    /// <summary>The sweep that the same request had, which asking again would give; null where there would be a new one.</summary>
    public Task<SweepRecord?> FindSameAsync(SweepWork work, CancellationToken ct) => EarlierAsync(rows, work.Hash.Hex, ct);

    /// <summary>A completed sweep with everything it gave, or a cancelled one with the combos that were evaluated by then.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is none. SWS-3005: it has no leaderboard.</exception>
    public Task<StoredSweep> LoadAsync(string sweepId, CancellationToken ct) => LoadAsync(sweepId, 0, int.MaxValue, AnyCombo, ct);

    /// <summary>The same with its best combos alone: whoever reads the others by column need not wait for them row by row.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="ranks">Combos down to this rank.</param>
    /// <param name="ct">Cancels the read.</param>
    /// <exception cref="ProblemException">SWS-3003: there is none. SWS-3005: it has no leaderboard.</exception>
    public Task<StoredSweep> LoadTopAsync(string sweepId, int ranks, CancellationToken ct) => LoadAsync(sweepId, 0, ranks, AnyCombo, ct);

    /// <summary>The same with the combos of some ranks alone.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="after">Combos below this rank; 0 begins with the best.</param>
    /// <param name="count">So many of them at most.</param>
    /// <param name="ct">Cancels the read.</param>
    /// <exception cref="ProblemException">SWS-3003: there is none. SWS-3005: it has no leaderboard.</exception>
    public Task<StoredSweep> LoadRanksAsync(string sweepId, int after, int count, CancellationToken ct) => LoadAsync(sweepId, after, after + count, AnyCombo, ct);

    /// <summary>The same with one combo alone.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is no such sweep, or no such combo. SWS-3005: it has no leaderboard.</exception>
    public async Task<StoredSweep> LoadComboAsync(string sweepId, int comboId, CancellationToken ct)
    {
        // Ids count from 1; what is none must not read as any.
        StoredSweep stored = await LoadAsync(sweepId, 0, int.MaxValue, comboId == AnyCombo ? -1 : comboId, ct);
        stored.Combo(comboId);
        return stored;
    }

    /// <summary>The combos that a person ticked for training, by id.</summary>
    public async Task<IReadOnlySet<int>> SelectedAsync(string sweepId, CancellationToken ct) =>
        (await rows.QueryAsync<int>("select combo_id from combos where sweep_id = @Id and selected = 1", new { Id = sweepId }, ct)).ToHashSet();

    /// <summary>The combos with a size above the model's cap, by id.</summary>
    public async Task<IReadOnlySet<int>> AboveModelCapAsync(string sweepId, CancellationToken ct) =>
        (await rows.QueryAsync<int>("select combo_id from combos where sweep_id = @Id and exceeds_model_cap = 1", new { Id = sweepId }, ct)).ToHashSet();

    /// <summary>What the ledger counts of the combos down to a rank, by id; not there for combos of a sweep of before.</summary>
    public async Task<IReadOnlyDictionary<int, TrialFigures>> TrialFiguresAsync(string sweepId, int ranks, CancellationToken ct)
    {
        Dictionary<int, TrialFigures> figures = [];
        foreach (RobustRow row in await rows.QueryAsync<RobustRow>("select combo_id, robust from combos where sweep_id = @Id and rank <= @Ranks", new { Id = sweepId, Ranks = ranks }, ct))
        {
            if (RobustFigures.Parse(JsonNode.Parse(row.Robust)!.AsObject()).Trial is { } trial)
            {
                figures[row.ComboId] = trial;
            }
        }

        return figures;
    }

    private async Task<StoredSweep> LoadAsync(string sweepId, int after, int ranks, int only, CancellationToken ct)
    {
        SweepRow row = await rows.FirstOrDefaultAsync<SweepRow>(
            """
            select sweep_id, request, user_id, model_id, pack, pack_hash, hypothesis_key, lineage, synthetic, data_snapshot_id, data_source_version, last_session,
                total, grid_size, cap, status, result, log
            from sweeps where sweep_id = @Id
            """,
            new { Id = sweepId }, ct) ?? throw Unknown(sweepId);
        if (row.Status is not ("completed" or "cancelled") || row.Result is null)
        {
            throw new ProblemException("SWS-3005", $"{sweepId} is {row.Status}; it has no leaderboard.", sweepId,
                row.Status == "cancelled" ? "It was cancelled before any combo was evaluated; let it go on with 'sigmatiq sweeps run --resume'." : "Wait for it, or run it.");
        }

        IReadOnlyList<ComboRow> combos = await rows.QueryAsync<ComboRow>(
            $"""
            select {ComboRow.Columns} from combos where sweep_id = @Id and rank > @After and rank <= @Ranks and (@Only = 0 or combo_id = @Only) order by rank
            """,
            new { Id = sweepId, After = after, Ranks = ranks, Only = only }, ct);
        return row.ToStored(combos);
    }

    /// <summary>Ticks a combo for training, or unticks it.</summary>
    /// <exception cref="ProblemException">SWS-3003: no such sweep or combo. SWS-3005: the sweep is not completed.</exception>
    public Task SelectAsync(string sweepId, int comboId, bool on, CancellationToken ct) => SelectAsync(sweepId, [comboId], on, ct);

    /// <summary>Ticks combos for training, or unticks them: all or none.</summary>
    /// <exception cref="ProblemException">SWS-3003: no such sweep or combo. SWS-3005: the sweep is not completed.</exception>
    public async Task SelectAsync(string sweepId, IReadOnlyList<int> combos, bool on, CancellationToken ct)
    {
        int? unknown = await rows.InTransactionAsync<int?>(async tx =>
        {
            IReadOnlyList<int> there = await tx.QueryAsync<int>("select combo_id from combos where sweep_id = @Id and combo_id in @Combos", new { Id = sweepId, Combos = combos }, ct);
            if (combos.Except(there).ToArray() is [var first, ..])
            {
                return first;
            }

            await tx.ExecuteAsync("update combos set selected = @On where sweep_id = @Id and combo_id in @Combos", new { On = on, Id = sweepId, Combos = combos }, ct);
            return null;
        }, ct);
        if (unknown is { } combo)
        {
            (await LoadComboAsync(sweepId, combo, ct)).Combo(combo);
        }
    }

    /// <summary>Cancels a sweep that waits or runs; whoever runs it stops within a second. One that has ended stays as it is.</summary>
    /// <returns>Whether it was cancelled by this call.</returns>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    public async Task<bool> CancelAsync(string sweepId, string actor, CancellationToken ct)
    {
        SweepRecord record = await FindAsync(sweepId, ct);
        return await rows.InTransactionAsync(async tx =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            int cancelled = await tx.ExecuteAsync(
                "update sweeps set status = 'cancelled', log = @Log, finished_at_utc = @Now where sweep_id = @Id and status in ('queued', 'running')",
                new { Id = sweepId, Now = now, Log = LogJson([.. record.Log, new(now, "cancelled", $"SWS-4001: cancelled by {actor}")]) }, ct);
            if (cancelled == 1)
            {
                await audit.AppendAsync(tx, new(actor, "sweep.cancel", $"sweep:{sweepId}", null, null), ct);
            }

            return cancelled == 1;
        }, ct);
    }

    /// <summary>Writes the combos of a completed sweep as CSV, best first, and notes that it was done.</summary>
    /// <exception cref="ProblemException">SWS-3003, SWS-3005.</exception>
    public async Task ExportAsync(string sweepId, TextWriter csv, string actor, CancellationToken ct)
    {
        StoredSweep stored = await LoadAsync(sweepId, ct);
        LeaderboardCsv.Write(stored, await new TrialLedger(rows).DeflationAsync(stored, ct), csv);
        await NoteExportAsync(stored, actor, ct);
    }

    /// <summary>Notes that somebody took the combos of a sweep with them.</summary>
    public Task NoteExportAsync(StoredSweep stored, string actor, CancellationToken ct) => rows.InTransactionAsync(tx => audit.AppendAsync(
        tx, new(actor, "sweep.export", $"sweep:{stored.SweepId}", null, new JsonObject { ["leaderboard_hash"] = stored.LeaderboardHash }), ct), ct);

    /// <summary>Holds every file of a sweep against its hash.</summary>
    /// <exception cref="ProblemException">SWS-3006: a file is missing or has other bytes.</exception>
    public void VerifyFiles(StoredSweep stored)
    {
        foreach (var (name, hash) in stored.Files)
        {
            string path = SweepFiles.PathOf(data, stored.SweepId, name);
            if (!File.Exists(path) || ContentHash.OfFile(path).Hex != hash)
            {
                throw new ProblemException("SWS-3006", $"A file of {stored.SweepId} {(File.Exists(path) ? "has other bytes than were written" : "is missing")}.", path,
                    "Bring it back from a backup, or run the sweep again with --force.", ExitCode.DataRefused);
            }
        }
    }

    /// <summary>The words a sweep is found by.</summary>
    public Task<IReadOnlyList<string>> TagsAsync(string sweepId, CancellationToken ct) =>
        rows.QueryAsync<string>("select tag from sweep_tags where sweep_id = @Id order by tag", new { Id = sweepId }, ct);

    /// <summary>Whether a sweep has a leaderboard, of all its combos or of those evaluated before it was cancelled.</summary>
    internal async Task<bool> HasResultAsync(string sweepId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select result from sweeps where sweep_id = @Id", new { Id = sweepId }, ct) is not null;

    /// <summary>Whose model a sweep is of, what was asked for, and on which bars.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    internal async Task<AskedSweep> AskedAsync(string sweepId, CancellationToken ct)
    {
        AskedRow row = await rows.FirstOrDefaultAsync<AskedRow>(
            "select request, user_id, data_snapshot_id, last_session, cap, request_hash from sweeps where sweep_id = @Id", new { Id = sweepId }, ct) ?? throw Unknown(sweepId);
        return new(ReadRequest(row.Request), row.UserId, ContentHash.Parse(row.DataSnapshotId), row.LastSession, Plans.OfCap(row.Cap), row.RequestHash);
    }

    /// <summary>Puts the combos of a sweep in the place of those of an earlier, cancelled attempt; ticks stay.</summary>
    internal static async Task ReplaceCombosAsync(IRowTransaction tx, StoredSweep stored, CancellationToken ct)
    {
        IReadOnlyList<int> ticked = await tx.QueryAsync<int>("select combo_id from combos where sweep_id = @SweepId and selected = 1", new { stored.SweepId }, ct);
        await tx.ExecuteAsync("delete from combos where sweep_id = @SweepId", new { stored.SweepId }, ct);
        await tx.ExecuteAsync(
            """
            insert into combos (sweep_id, combo_id, rank, config, config_hash, gate, gate_results, metrics, exits, trades_sample, duplicate_of, exceeds_model_cap,
                robust)
            values (@SweepId, @ComboId, @Rank, @Config, @ConfigHash, @Gate, @GateResults, @Metrics, @Exits, @TradesSample, @DuplicateOf, @ExceedsModelCap, @Robust)
            """,
            stored.Combos.Values.Select(c => new
            {
                stored.SweepId, c.Row.ComboId, c.Row.Rank, Config = c.Row.Config.ToJsonString(), c.Row.ConfigHash, Gate = c.Row.Gate.ToString().ToUpperInvariant(),
                GateResults = c.GateResults.ToJsonString(), Metrics = c.Metrics.ToJsonString(), Exits = c.Exits.ToJsonString(), TradesSample = c.TradesSample?.ToJsonString() ?? "null",
                c.Row.DuplicateOf, c.Row.ExceedsModelCap, Robust = c.Robust.ToJson().ToJsonString(),
            }), ct);
        await tx.ExecuteAsync(
            "update combos set selected = 1 where sweep_id = @SweepId and combo_id = @ComboId", ticked.Select(c => new { stored.SweepId, ComboId = c }).ToList(), ct);
    }

    internal static string LogJson(IReadOnlyList<LogEntry> log) => new JsonArray([.. log.Select(e => (JsonNode?)e.ToJson())]).ToJsonString();

    private static Task<int> TagAsync(IRowTransaction tx, string sweepId, string? tag, CancellationToken ct) => tag is null ? Task.FromResult(0)
        : tx.ExecuteAsync("insert into sweep_tags (sweep_id, tag) values (@Id, @Tag) on conflict do nothing", new { Id = sweepId, Tag = tag }, ct);

    // What was kept when it was cancelled is not its result any more: its files are about to be written over, and where it is cancelled again
    // there is more to keep.
    private async Task<bool> ResumeAsync(IRowTransaction tx, SweepRecord record, string requestedBy, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int resumed = await tx.ExecuteAsync(
            """
            update sweeps set status = 'queued', lost = 0, problem = null, finished_at_utc = null, result = null, log = @Log
            where sweep_id = @Id and status in ('cancelled', 'failed')
            """,
            new { Id = record.SweepId, Log = LogJson([.. record.Log, new(now, "processing", $"Goes on, asked by {requestedBy}")]) }, ct);
        if (resumed == 1)
        {
            await audit.AppendAsync(tx, new(requestedBy, "sweep.resume", $"sweep:{record.SweepId}", null, null), ct);
        }

        return resumed == 1;
    }

    private static Task<SweepRecord?> EarlierAsync(IRows from, string hash, CancellationToken ct) => from.FirstOrDefaultAsync<SweepRecord>(
        $"""
        select {SweepRecord.Columns} from sweeps where request_hash = @Hash and status in ('completed', 'running', 'queued', 'cancelled')
        order by case status when 'completed' then 0 when 'cancelled' then 2 else 1 end, created_at_utc, sweep_id
        """,
        new { Hash = hash }, ct);

    private static ProblemException Unknown(string sweepId) =>
        new("SWS-3003", $"There is no sweep '{sweepId}'.", sweepId, "See 'sigmatiq sweeps list'.", ExitCode.BadUsage);

    private async Task<string> InsertAsync(IRowTransaction tx, SweepWork work, string hash, string requestedBy, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        SweepPlan plan = work.Plan;
        Hypothesis hypothesis = work.Hypothesis;
        string stem = "sweep_" + now.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture), id = stem;
        for (int n = 2; await tx.FirstOrDefaultAsync<string>("select sweep_id from sweeps where sweep_id = @Id", new { Id = id }, ct) is not null; n++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{stem}_{n}");
        }

        await tx.ExecuteAsync(
            """
            insert into sweeps (sweep_id, request_hash, request, user_id, model_id, pack, pack_hash, hypothesis_key, lineage, synthetic, data_snapshot_id,
                data_source_version, last_session, tag, total, grid_size, cap, status, progress, log, created_by, created_at_utc)
            values (@Id, @Hash, @Request, @UserId, @ModelId, @Pack, @PackHash, @Key, @Lineage, @IsSynthetic, @DataSnapshotId, @DataSourceVersion, @LastSession, @Tag,
                @Total, @Size, @Cap, 'queued', 0.0, '[]', @By, @Now)
            """,
            new
            {
                Id = id, Hash = hash, Request = CanonicalJson.Text(plan.Request.ToJson()), plan.Model.UserId, ModelId = plan.Model.Id, Pack = plan.Pack.Reference,
                PackHash = plan.Pack.Hash.Hex, Key = hypothesis.Key.Hex, hypothesis.Lineage, work.IsSynthetic, work.DataSnapshotId, work.DataSourceVersion,
                work.LastSession, plan.Request.Tag, Total = plan.Total, plan.Grid.Size, plan.Cap, By = requestedBy, Now = now,
            }, ct);
        await TagAsync(tx, id, plan.Request.Tag, ct);
        await audit.AppendAsync(tx, new(requestedBy, "sweep.create", $"sweep:{id}", null, new JsonObject { ["request_hash"] = hash }), ct);
        return id;
    }

    // One end of a range may be open, which the wire form does not know.
    private static SweepRequest ReadRequest(string text)
    {
        JsonObject json = JsonNode.Parse(text)!.AsObject();
        JsonNode? range = json["date_range"]?.DeepClone();
        json.Remove("date_range");
        return SweepRequest.Parse(json).Value with { From = Date(range?["start"]), To = Date(range?["end"]) };
    }

    private static DateOnly? Date(JsonNode? text) => text is null ? null : DateOnly.ParseExact(text.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record AskedRow(string Request, string UserId, string DataSnapshotId, DateOnly? LastSession, int? Cap, string RequestHash);

    private sealed record SweepRow(
        string SweepId, string Request, string UserId, string ModelId, string Pack, string PackHash, string HypothesisKey, string Lineage, bool Synthetic,
        string DataSnapshotId, string DataSourceVersion, DateOnly? LastSession, int Total, long GridSize, int? Cap, string Status, string? Result, string Log)
    {
        public StoredSweep ToStored(IReadOnlyList<ComboRow> combos)
        {
            JsonNode result = JsonNode.Parse(Result!)!;
            var byId = combos.ToDictionary(c => c.ComboId);
            JsonNode span = result["span"]!;
            return new()
            {
                SweepId = SweepId, Status = Status, Request = ReadRequest(Request), UserId = UserId, Pack = Pack, PackHash = PackHash, DataSnapshotId = DataSnapshotId,
                DataSourceVersion = DataSourceVersion, LastSession = LastSession, Hypothesis = new(ContentHash.Parse(HypothesisKey), Lineage), IsSynthetic = Synthetic,
                Total = Total, GridSize = GridSize, Cap = Cap,
                Span = new(span["first_us"]!.GetValue<long>(), span["last_us"]!.GetValue<long>(), span["holdout_first_us"]?.GetValue<long>(), span["holdout_last_us"]?.GetValue<long>()),
                StartUtcUs = result["start_us"]!.GetValue<long>(), Window = result["window"]!.DeepClone().AsObject(),
                HoldoutShare = result["holdout_share"]!.GetValue<double>(), Gates = ReadGates(result["gates"]!), Skill = result["skill"]?.DeepClone().AsObject(),
                Overfit = OverfitProbability.Parse(result["overfit"]), Course = result["course"]?.DeepClone().AsObject(),
                Warnings = result["warnings"]!.DeepClone().AsArray(),
                Leaderboard = new(ModelId, result["score_source"]!.GetValue<string>(), [.. combos.Select(c => c.ToRow())]),
                LeaderboardHash = result["leaderboard_hash"]!.GetValue<string>(),
                Files = result["files"]!.AsObject().ToDictionary(f => f.Key, f => f.Value!.GetValue<string>()),
                Log = [.. JsonNode.Parse(Log)!.AsArray().Select(e => new LogEntry(
                    UtcText.Parse(e!["timestamp"]!.GetValue<string>()), e["status"]!.GetValue<string>(), e["message"]!.GetValue<string>()))],
                Combos = new CombosOnDemand([.. combos.Select(c => c.ComboId)], id => byId[id].ToStored()),
            };
        }

        private static QualityGates ReadGates(JsonNode gates) => new(
            gates["min_trades"]?.GetValue<double>(), gates["min_sharpe"]?.GetValue<double>(), gates["max_drawdown_pct"]?.GetValue<double>(),
            gates["min_win_rate"]?.GetValue<double>());
    }

    private sealed record RobustRow(int ComboId, string Robust);

    private sealed record ComboRow(
        int ComboId, int Rank, string Config, string ConfigHash, string Gate, string GateResults, string Metrics, string Exits, string TradesSample, int? DuplicateOf,
        bool ExceedsModelCap, bool Selected, string Robust)
    {
        public const string Columns =
            "combo_id, rank, config, config_hash, gate, gate_results, metrics, exits, trades_sample, duplicate_of, exceeds_model_cap, selected, robust";

        public LeaderboardRow ToRow()
        {
            JsonObject metrics = JsonNode.Parse(Metrics)!.AsObject();
            JsonArray? interval = metrics["sharpe_interval"]?.AsArray();
            return new(
                Rank, ComboId, JsonNode.Parse(Config)!.AsObject(), metrics["sharpe_ratio"]?.GetValue<double>(), interval?[0]!.GetValue<double>(),
                interval?[1]!.GetValue<double>(), metrics["total_return"]?.GetValue<double>(), metrics["total_trades"]!.GetValue<int>(),
                metrics["max_drawdown"]?.GetValue<double>(), EnumWords<GateStatus>.Words[Gate.ToLowerInvariant()],
                [.. JsonNode.Parse(GateResults)!["reasons"]!.AsArray().Select(r => r!.GetValue<string>())], ConfigHash, DuplicateOf, ExceedsModelCap, Selected);
        }

        public StoredCombo ToStored() => new(
            ToRow(), JsonNode.Parse(Exits)!.AsObject(), JsonNode.Parse(Metrics)!.AsObject(), JsonNode.Parse(GateResults)!.AsObject(), JsonNode.Parse(TradesSample)?.AsArray())
        {
            Robust = RobustFigures.Parse(JsonNode.Parse(Robust)!.AsObject()),
        };
    }
}
