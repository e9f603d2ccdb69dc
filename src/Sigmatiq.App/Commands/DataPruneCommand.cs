using System.CommandLine;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq data prune</c>: gives back the space of bars that nothing uses.</summary>
internal static class DataPruneCommand
{
    // A run's journal names the snapshots that its steps were pinned to, so that 'reproduce' finds them.
    private const string Used = """
        select count(*) from (
            select 1 from sweeps where data_snapshot_id = @Id
            union all select 1 from training_jobs where data_snapshot_id = @Id
            union all select 1 from trained_models where data_snapshot_id = @Id
            union all select 1 from run_events where body like '%' || @Id || '%'
            union all select 1 from runs where parameters like '%' || @Id || '%') as uses
        """;

    public static Command Create(CommandHost host)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be removed and remove nothing" };
        Command prune = new("prune", "Remove bars that no snapshot in use names: the newest of each series, and those of sweeps, trainings and runs, stay") { dryRun };
        host.Run(prune, async (parse, context, ct) =>
        {
            bool dry = parse.GetValue(dryRun);
            IRowStore rows = await context.RowsAsync(ct);
            BarStore store = await DataCommands.StoreOf(context, ct);
            async Task<bool> isUsed(ContentHash id) => await rows.FirstAsync<long>(Used, new { Id = id.Hex }, ct) > 0;
            Pruned pruned = await new BarPrune(context.Data, store).RunAsync(isUsed, dry, ct);
            context.Output.Item(
                new { DryRun = dry, pruned.Kept, Snapshots = pruned.Snapshots.Select(s => s.Hex), pruned.Files, pruned.Bytes },
                (dry ? "snapshots to remove" : "snapshots removed", DataCommands.Text(pruned.Snapshots.Count)), (dry ? "files to remove" : "files removed", DataCommands.Text(pruned.Files.Count)),
                ("bytes", DataCommands.Text(pruned.Bytes)), ("snapshots kept", DataCommands.Text(pruned.Kept)));
            return ExitCode.Ok;
        });
        return prune;
    }
}
