using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq audit verify / export / adopt</c>: the hash-linked record of who decided what.</summary>
internal static class AuditCommands
{
    public static Command Create(CommandHost host) => new("audit", "The hash-linked record of who decided what") { Verify(host), Export(host), Adopt(host) };

    private static Command Verify(CommandHost host)
    {
        Command verify = new("verify", "Check every link and signature of the chain, that its end is there, and that every request is as it recorded; names the first that is not");
        host.RunOnStore(verify, async (_, context, ct) =>
        {
            IRowStore rows = await context.RowsAsync(ct);
            AuditVerdict verdict = await context.Audit.VerifyAsync(rows, ct);
            if (verdict.FirstBreak is { } broken)
            {
                throw new ProblemException(broken);
            }

            if (await ApprovalService.UnrecordedAsync(rows, ct) is [_, ..] forged)
            {
                throw new ProblemException("APR-1021", $"The chain is intact, but {string.Join(", ", forged)} {(forged.Count == 1 ? "is" : "are")} not as it recorded: the database was written by hand.",
                    $"approval {forged[0]}", "Nothing is deployed on it. Restore the store from a copy, or reset the request.");
            }

            context.Output.Item(
                new { verdict.Records, verdict.Head.Seq, verdict.Head.Hash, Intact = true }, ("records", verdict.Records.ToString(CultureInfo.InvariantCulture)),
                ("head", verdict.Head.Hash), ("verdict", "intact"));
            return ExitCode.Ok;
        });
        return verify;
    }

    private static Command Adopt(CommandHost host)
    {
        var reason = new Option<string?>("--reason") { Description = "Why the chain may be believed as it stands; required" };
        Command adopt = new("adopt", "Take over a chain that is unsigned, of another machine or restored from a copy: from here on it is signed") { reason };
        host.RunOnStore(adopt, async (parse, context, ct) =>
        {
            string why = parse.GetValue(reason)?.Trim() is { Length: > 0 } given
                ? given
                : throw new ProblemException("APP-1140", "Taking over a chain needs a reason.", "--reason", "Say what you compared it with.", ExitCode.BadUsage);
            AuditRecord record = await context.Audit.AdoptAsync(await context.RowsAsync(ct), (await context.ActorAsync(Right.Administer, ct)).Id, why, ct);
            context.Output.Item(new { Adopted = record.Seq - 1, record.Seq, record.Hash }, ("taken over up to record", (record.Seq - 1).ToString(CultureInfo.InvariantCulture)),
                ("signed from record", record.Seq.ToString(CultureInfo.InvariantCulture)), ("head", record.Hash));
            return ExitCode.Ok;
        });
        return adopt;
    }

    private static Command Export(CommandHost host)
    {
        var file = new Option<string?>("--out") { Description = "File to write (default: standard output)" };
        Command export = new("export", "Write every record as a line of JSON") { file };
        host.RunOnStore(export, async (parse, context, ct) =>
        {
            OutFile? to = OutFile.Of(parse, context, file);
            IRowStore rows = await context.RowsAsync(ct);
            var lines = new StringWriter(CultureInfo.InvariantCulture);
            long records = await AuditChain.ExportAsync(rows, lines, ct);
            if (to is not null)
            {
                to.Write(lines.ToString());
                context.Output.Note($"{records} records in {to.Path}");
            }
            else
            {
                context.Output.Text(lines.ToString());
            }

            return ExitCode.Ok;
        });
        return export;
    }
}
