using System.CommandLine;
using System.Globalization;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq audit verify / export</c>: the hash-linked record of who decided what.</summary>
internal static class AuditCommands
{
    public static Command Create(CommandHost host) => new("audit", "The hash-linked record of who decided what") { Verify(host), Export(host) };

    private static Command Verify(CommandHost host)
    {
        Command verify = new("verify", "Check every link of the chain; names the first broken record");
        host.Run(verify, async (_, context, ct) =>
        {
            IRowStore rows = await context.RowsAsync(ct);
            AuditVerdict verdict = await AuditChain.VerifyAsync(rows, null, ct);
            if (verdict.FirstBreak is { } broken)
            {
                throw new ProblemException(broken);
            }

            context.Output.Item(
                new { verdict.Records, verdict.Head.Seq, verdict.Head.Hash, Intact = true }, ("records", verdict.Records.ToString(CultureInfo.InvariantCulture)),
                ("head", verdict.Head.Hash), ("verdict", "intact"));
            return ExitCode.Ok;
        });
        return verify;
    }

    private static Command Export(CommandHost host)
    {
        var file = new Option<string?>("--out") { Description = "File to write (default: standard output)" };
        Command export = new("export", "Write every record as a line of JSON") { file };
        host.Run(export, async (parse, context, ct) =>
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
