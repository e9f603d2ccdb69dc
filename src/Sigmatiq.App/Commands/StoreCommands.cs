using System.CommandLine;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq store</c>: the database that a team shares.</summary>
internal static class StoreCommands
{
    public static Command Create(CommandHost host) => new("store", "The database that a team shares (PostgreSQL)") { Prepare(host) };

    private static Command Prepare(CommandHost host)
    {
        var user = new Option<string>("--user") { Description = "The database user that the program signs in as; made where missing", Required = true };
        var password = new Option<string?>("--user-password-file") { Description = "File whose first line is that user's password from now on" };
        Command prepare = new("prepare", "Bring the schema of --store up to date, as its owner, and give the program's user the rights it needs and no more") { user, password };
        host.Run(prepare, async (parse, context, ct) =>
        {
            PostgresAddress address = context.Postgres ?? throw new ProblemException("APP-1044", "This command prepares a PostgreSQL store, and --store names none.", "--store",
                "Give the owner's address: --store postgres://OWNER@HOST/DATABASE.", ExitCode.BadUsage);
            var owner = (PostgresRowStore)await context.RowsAsync(ct);
            await FireCluster.ProvisionAsync(address, context.Clock, ct);
            string name = parse.GetValue(user)!;
            bool isNew = await PostgresRights.GiveAsync(owner, name, parse.GetValue(password) is { } file ? PostgresAddress.ReadPassword(file) : null, ct);
            PostgresHealth health = await PostgresHealth.AskAsync(address, ct);
            context.Output.Item(
                new { Store = address.Shown, health.Migration, User = name, UserMade = isNew },
                ("store", address.Shown), ("migration", $"{health.Migration:0000}"), ("user", isNew ? $"{name} (made)" : name));
            context.Output.Note($"Sign in as {name} from now on, and keep the owner's password for the next release.");
            return ExitCode.Ok;
        });
        return prepare;
    }
}
