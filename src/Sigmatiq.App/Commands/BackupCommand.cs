using System.CommandLine;
using System.Globalization;
using Sigmatiq.Store.Backups;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq backup</c>: store and files in one consistent copy, also while runs go on.</summary>
internal static class BackupCommand
{
    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "Archive to write, such as sigmatiq.tar.gz; nothing of that name may be there" };
        var noBars = new Option<bool>("--no-bars") { Description = "Leave the bars out: much smaller, but nothing can be computed on them until they are imported again" };
        var damage = new Option<bool>("--accept-damage") { Description = "Go on where files that the rows name are missing or changed, and list them in the backup" };
        Command backup = new("backup", "Write store and files into one consistent archive, also while runs go on") { file, noBars, damage };
        host.RunOnStore(backup, async (parse, context, ct) =>
        {
            string path = Path.GetFullPath(parse.GetRequiredValue(file));
            if (!Directory.Exists(Path.GetDirectoryName(path)))
            {
                throw new ProblemException("APP-1006", $"The file cannot be written: there is no folder '{Path.GetDirectoryName(path)}'.", path,
                    "Make the folder first, or name a file in one that is there.", ExitCode.BadUsage);
            }

            BackupManifest made = await new BackupWriter(context.Data, await context.TablesAsync(ct), context.Clock).WriteAsync(
                path, !parse.GetValue(noBars), parse.GetValue(damage), new StoredNames(context.Data).OfAsync, ct);
            long packed = new FileInfo(path).Length;
            context.Output.Item(
                new { File = path, Id = made.Id.Hex, made.MadeAtUtc, Rows = made.Tables.Sum(t => t.Rows), Files = made.Files.Count, made.Bytes, PackedBytes = packed, made.WithBars, made.Missing },
                ("backup", path), ("id", made.Id.Hex), ("as of", WorkflowTimesCommands.Instant(made.MadeAtUtc)), ("rows", Number(made.Tables.Sum(t => t.Rows))),
                ("files", $"{Number(made.Files.Count)}{(made.WithBars ? "" : ", no bars")}"), ("bytes", $"{Number(made.Bytes)}, packed {Number(packed)}"),
                ("missing", made.Missing.Count == 0 ? null : string.Join(", ", made.Missing)));
            context.Output.Note($"It has been read back and every hash holds. The key that signs the audit chain and its heads are not in it: keep {context.AuditKeyFile} and {Store.Audit.AuditHeads.FolderOf(context.AuditKeyFile)} elsewhere.");
            return ExitCode.Ok;
        });
        return backup;
    }

    public static Command CreateRestore(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "Archive that 'sigmatiq backup' has written" };
        Command restore = new("restore", "Make the data directory named with --data from a backup; it must be new or empty") { file };
        host.Run(restore, async (parse, context, ct) =>
        {
            BackupManifest made;
            using (PostgresRowStore? server = context.Postgres is { } address ? PostgresRowStore.OpenUnmigrated(address) : null)
            {
                made = await new BackupRestore(context.Clock).RunAsync(Path.GetFullPath(parse.GetRequiredValue(file)), context.DataFolder, server, ct);
            }

            // Opening brings the schema of an earlier release forward.
            IRowStore rows = await context.RowsAsync(ct);
            var verdict = await context.Audit.VerifyAsync(rows, ct);
            if (verdict.Intact && verdict.Records > 0)
            {
                await context.Audit.RestoredAsync(rows, Auth.People.LocalOperator.Id, $"restored from backup {made.Id.Hex}", ct);
            }

            long open = await rows.FirstAsync<long>("select count(*) from runs where ended_at_utc is null", null, ct);
            context.Output.Item(
                new
                {
                    Data = context.DataFolder, Id = made.Id.Hex, AsOfUtc = made.MadeAtUtc, Rows = made.Tables.Sum(t => t.Rows), Files = made.Files.Count, made.WithBars, made.Missing,
                    OpenRuns = open, AuditIntact = verdict.FirstBreak is null, Audit = verdict.FirstBreak,
                },
                ("restored", context.DataFolder), ("id", made.Id.Hex), ("as of", WorkflowTimesCommands.Instant(made.MadeAtUtc)), ("rows", Number(made.Tables.Sum(t => t.Rows))),
                ("files", $"{Number(made.Files.Count)}{(made.WithBars ? "" : ", no bars")}"), ("open runs", Number(open)),
                ("audit chain", verdict.FirstBreak is null ? $"intact, {Number(verdict.Records)} records" : verdict.FirstBreak.ToString()),
                ("missing", made.Missing.Count == 0 ? null : string.Join(", ", made.Missing)));
            if (verdict.FirstBreak is not null)
            {
                context.Output.Warning("The audit chain does not reach as far as the heads beside the key, or they are not here: what was decided after the backup is not in it. Compare with 'audit export' of the original, then 'sigmatiq audit adopt --reason TEXT'.");
            }

            if (open > 0)
            {
                context.Output.Note("Open runs go on at the next 'sigmatiq serve'. Serve one of the two stores only: both would send the messages that were due.");
            }

            return ExitCode.Ok;
        });
        return restore;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
