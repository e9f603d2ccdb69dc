using System.CommandLine;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq data prune</c>: gives back the space of bars that nothing uses.</summary>
internal static class DataPruneCommand
{
    public static Command Create(CommandHost host)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be removed and remove nothing" };
        Command prune = new("prune", "Remove bars that no snapshot in use names: the newest of each series, and those of sweeps, trainings and runs, stay") { dryRun };
        host.Run(prune, async (parse, context, ct) =>
        {
            bool dry = parse.GetValue(dryRun);
            IRowStore rows = await context.RowsAsync(ct);
            BarStore store = await DataCommands.StoreOf(context, ct);
            SnapshotUses uses = new(rows, store);
            Pruned pruned = await new BarPrune(context.Data, store).RunAsync(id => uses.IsUsedAsync(id, ct), dry, ct);
            context.Output.Item(
                new { DryRun = dry, pruned.Kept, Snapshots = pruned.Snapshots.Select(s => s.Hex), pruned.Files, pruned.Bytes },
                (dry ? "snapshots to remove" : "snapshots removed", DataCommands.Text(pruned.Snapshots.Count)), (dry ? "files to remove" : "files removed", DataCommands.Text(pruned.Files.Count)),
                ("bytes", DataCommands.Text(pruned.Bytes)), ("snapshots kept", DataCommands.Text(pruned.Kept)));
            return ExitCode.Ok;
        });
        return prune;
    }
}
