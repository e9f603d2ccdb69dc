using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq sweeps plan / run / list / show / leaderboard / select / cancel / export</c> (spec 02, 08 §8.5). A sweep by command
/// runs in this process.</summary>
internal static class SweepsCommands
{
    public static Command Create(CommandHost host) => new("sweeps", "Sweeps: many combos of one model, ranked and gated")
    {
        SweepsRunCommands.Plan(host), SweepsRunCommands.Run(host), List(host), Show(host), LeaderboardCommand.Create(host), Select(host), Cancel(host), Export(host),
    };

    private static Command List(CommandHost host)
    {
        var tag = new Option<string?>("--tag") { Description = "Only those with this tag" };
        var model = new Option<string?>("--model") { Description = "Only those of this model" };
        Command list = new("list", "List sweeps, newest first") { tag, model };
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            SweepRecord[] sweeps = [.. await platform.Sweeps.Store.ListAsync(parse.GetValue(tag), parse.GetValue(model), ct)];
            for (int i = 0; i < sweeps.Length; i++)
            {
                sweeps[i] = await platform.Sweeps.SeenAsync(sweeps[i], ct);
            }

            context.Output.List(
                sweeps, sweeps.Select(s => s.ToJson()).ToArray(), new("sweep", s => s.SweepId, Weight: Weight.Key), new("model", s => s.ModelId), new("combos", s => Text(s.Total), Right: true),
                new("evaluated", s => s is { Status: "running", Evaluated: 0, Progress: > 0 } ? "preparing" : Text(s.Evaluated), Right: true), new("status", s => s.Status, Tone: s => ToneOf(s.Status), Weight: Weight.Key), new("done", s => s.Progress.ToString("P0", CultureInfo.InvariantCulture), Right: true),
                new("tag", s => s.Tag), new("bars", s => s.Synthetic ? "synthetic" : "real", Weight: Weight.Detail));
            NoteStopped(context, sweeps);
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        var combo = new Option<int?>("--combo") { Description = "Show one combo's result" };
        Command show = new("show", "Show a sweep's state and log, or one combo's result") { id, combo };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            SweepRecord record = await FindAsync(platform, parse.GetValue(id), ct);
            if (parse.GetValue(combo) is { } number)
            {
                StoredSweep stored = await platform.Sweeps.Store.LoadAsync(record.SweepId, ct);
                JsonObject result = stored.ResultJson(number);
                StoredCombo shown = stored.Combo(number);
                context.Output.Item(
                    result, [("combo", Text(number)), ("rank", Text(shown.Row.Rank)), ("config", result["config"]!.ToJsonString()), ("gate", LeaderboardCommand.GateText(shown.Row)),
                    .. shown.Metrics.Select(m => (m.Key, m.Value is null ? "–" : (string?)m.Value.ToJsonString())), ("config hash", shown.Row.ConfigHash)]);
                return ExitCode.Ok;
            }

            record = await platform.Sweeps.SeenAsync(record, ct);
            NoteStopped(context, record);
            JsonObject json = record.ToJson();
            json["execution_log"] = new JsonArray([.. record.Log.Select(e => (JsonNode?)e.ToJson())]);
            context.Output.Item(
                json, [("sweep", record.SweepId), ("model", record.ModelId), ("pack", record.Pack), ("status", record.Status), ("combos", Text(record.Total)),
                ("bars", $"{record.DataSnapshotId[..12]}{(record.Synthetic ? " (synthetic)" : "")}"), ("tag", record.Tag), ("problem", record.Problem?.ToString()),
                .. record.Log.Select(e => (e.Status, (string?)string.Create(CultureInfo.InvariantCulture, $"{e.Timestamp:HH:mm:ss}Z {e.Message}")))]);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Select(CommandHost host)
    {
        var id = new Argument<string>("sweep") { Description = "Id of the sweep" };
        var combo = new Argument<int>("combo") { Description = "Id of the combo" };
        var off = new Option<bool>("--off") { Description = "Untick it" };
        Command select = new("select", "Tick a combo for training") { id, combo, off };
        host.RunOnStore(select, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            await platform.Sweeps.Store.SelectAsync(parse.GetRequiredValue(id), parse.GetValue(combo), !parse.GetValue(off), ct);
            StoredSweep stored = await platform.Sweeps.Store.LoadAsync(parse.GetRequiredValue(id), ct);
            int[] ticked = [.. stored.Leaderboard.Rows.Where(r => r.IsSelected).Select(r => r.ComboId)];
            context.Output.Item(
                new JsonObject { ["id"] = stored.SweepId, ["selected"] = new JsonArray([.. ticked.Select(c => (JsonNode?)c)]) },
                ("sweep", stored.SweepId), ("selected", ticked.Length == 0 ? "none" : string.Join(", ", ticked.Select(Text))));
            return ExitCode.Ok;
        });
        return select;
    }

    private static Command Cancel(CommandHost host)
    {
        var id = new Argument<string>("sweep") { Description = "Id of the sweep" };
        Command cancel = new("cancel", "Cancel a sweep that waits or runs, whichever process runs it") { id };
        host.RunOnStore(cancel, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string sweep = parse.GetRequiredValue(id);
            string by = await context.DeciderAsync((await platform.Sweeps.Store.FindAsync(sweep, ct)).CreatedBy, sweep, ct);
            bool cancelled = await platform.Sweeps.Store.CancelAsync(sweep, by, ct);
            if (cancelled)
            {
                await WorkRuns.CancelAsync(platform, "sweep", "sweep", sweep, by, ct);
                await platform.Sweeps.KeepCancelledAsync(sweep, () => platform.SweepWorks.OfAsync(sweep, platform.Sweeps.Store, ct), ct);
            }

            SweepRecord record = await platform.Sweeps.Store.FindAsync(sweep, ct);
            context.Output.Item(
                record.ToJson(), ("sweep", record.SweepId), ("status", cancelled ? "cancelled" : $"{record.Status} (it had ended)"),
                ("evaluated", $"{Text(record.Evaluated)} of {Text(record.Total)} combos, kept"));
            return ExitCode.Ok;
        });
        return cancel;
    }

    private static Command Export(CommandHost host)
    {
        Argument<string?> id = Id();
        var to = new Option<string?>("--to") { Description = "CSV file to write (default: stdout)" };
        var returns = new Option<bool>("--returns") { Description = "Write the daily returns of its different combos, one column each, as 'metrics overfit' reads them" };
        Command export = new("export", "Write a sweep's combos as CSV") { id, to, returns };
        host.RunOnStore(export, async (parse, context, ct) =>
        {
            OutFile? file = OutFile.Of(parse, context, to);
            Platform platform = await context.PlatformAsync(ct);
            SweepRecord record = await FindAsync(platform, parse.GetValue(id), ct);
            var csv = new StringWriter(CultureInfo.InvariantCulture);
            if (parse.GetValue(returns))
            {
                StoredSweep stored = await platform.Sweeps.Store.LoadAsync(record.SweepId, ct);
                platform.Sweeps.Store.VerifyFiles(stored);
                SweepReturns.Write(platform.Data, stored, csv, ct);
            }
            else
            {
                await platform.Sweeps.Store.ExportAsync(record.SweepId, csv, (await context.ActorAsync(Right.Read, ct)).Id, ct);
            }

            if (file is not null)
            {
                file.Write(csv.ToString());
                context.Output.Note($"Wrote {record.SweepId} to {file.Path}.");
            }
            else
            {
                host.Streams.Out.Write(csv.ToString());
            }

            return ExitCode.Ok;
        });
        return export;
    }

    private static Argument<string?> Id() => new("sweep") { Description = "Id of the sweep (default: the latest)", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The sweep that is meant: by its id, else the latest, of a tag where one is given.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    internal static async Task<SweepRecord> FindAsync(Platform platform, string? id, CancellationToken ct, string? tag = null) =>
        id is not null ? await platform.Sweeps.Store.FindAsync(id, ct)
        : (await platform.Sweeps.Store.ListAsync(tag, null, ct)).FirstOrDefault()
            ?? throw new ProblemException("SWS-3003", tag is null ? "There is no sweep yet." : $"No sweep has the tag '{tag}'.", null, "Run one: sigmatiq sweeps run.", ExitCode.BadUsage);

    private static void NoteStopped(CommandContext context, params SweepRecord[] sweeps)
    {
        foreach (SweepRecord stopped in sweeps.Where(s => s.Status == SweepJobs.Stopped))
        {
            context.Output.Note($"{stopped.SweepId} is stopped: its process is gone. It goes on with 'sigmatiq sweeps run --resume {stopped.SweepId}'.");
        }
    }

    private static Tone ToneOf(string status) => status switch { "completed" => Tone.Ok, "failed" => Tone.Bad, "cancelled" => Tone.Quiet, _ => Tone.Caution };

    internal static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
