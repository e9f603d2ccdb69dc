using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Audit;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The walk of docs/users.md as it stands there, typed into a shell.</summary>
public abstract partial class PeopleWalkTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-walk-").FullName;
    private PrivateDatabase? database;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        database = OnStoreAttribute.OfThisTest == StoreEngine.Postgres ? await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync(empty: false) : null;

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Strict_four_eyes_two_votes_and_a_delegation_go_by_commands_as_the_page_says()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "users.md"), Ct);
        string walk = page[page.IndexOf("## A walk", StringComparison.Ordinal)..].Split("```bash\n")[1].Split("```")[0];
        StringBuilder script = new("sigmatiq() { dotnet \"$PROGRAM\" \"$@\" --data \"$FOLDER\"; }\n");
        int commands = 0;
        foreach (string line in walk.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')))
        {
            int exit = Expected().Match(line) is { Success: true } said ? int.Parse(said.Groups[1].Value) : 0;
            script.Append("echo ").Append(Quoted($"> {line}")).Append(" >&2\n").Append(line).Append('\n')
                .Append($"code=$?; if [ $code -ne {exit} ]; then echo \"ended with $code instead of {exit}\" >&2; exit 1; fi\n");
            commands++;
        }

        commands.Should().BeGreaterThan(20);
        script.Append("sigmatiq runs show -o json > \"$FOLDER/run.json\" && sigmatiq approvals show -o json > \"$FOLDER/approval.json\" && sigmatiq audit export > \"$FOLDER/audit.jsonl\"\n");
        ProcessStartInfo start = new("bash", ["-c", script.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "sigmatiq.dll");
        start.Environment["FOLDER"] = folder;
        start.Environment[AuditSeal.KeyVariable] = Path.Combine(Directory.CreateDirectory(folder + "-key").FullName, "audit.key");
        start.Environment.Remove("SIGMATIQ_KEY");
        if (database is not null)
        {
            start.Environment["SIGMATIQ_STORE"] = database.Url;
        }

        try
        {
            using Process shell = Process.Start(start)!;
            Task<string> output = shell.StandardOutput.ReadToEndAsync(Ct), error = shell.StandardError.ReadToEndAsync(Ct);
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            patience.CancelAfter(TimeSpan.FromMinutes(8));
            try
            {
                await shell.WaitForExitAsync(patience.Token);
            }
            finally
            {
                if (!shell.HasExited)
                {
                    shell.Kill(entireProcessTree: true);
                }
            }

            shell.ExitCode.Should().Be(0, $"{await error}\n{await output}");
            string said = await error;
            foreach (string code in (string[])["USR-1010", "APR-1006", "APR-1020", "APR-1011", "APR-1013", "KEY-1005"])
            {
                said.Should().Contain(code, "each refusal is for its own reason");
            }
        }
        finally
        {
            Directory.Delete(folder + "-key", recursive: true);
        }

        string approval = await File.ReadAllTextAsync(Path.Combine(folder, "approval.json"), Ct), audit = await File.ReadAllTextAsync(Path.Combine(folder, "audit.jsonl"), Ct);
        approval.Should().Contain("\"APPROVED\"").And.Contain("\"for\": \"ben\"").And.Contain("\"voter\": \"ana\"").And.Contain("\"voter\": \"cem\"");
        (await File.ReadAllTextAsync(Path.Combine(folder, "run.json"), Ct)).Should().Contain("completed");
        audit.Split('\n').Count(l => l.Contains("user.added", StringComparison.Ordinal)).Should().Be(5);
        audit.Should().Contain("deployment.published").And.Contain("approval.delegated");
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("# exits ([0-9]+)$")]
    private static partial Regex Expected();
}

public sealed class PeopleWalkOnSqliteTests : PeopleWalkTests;

[OnStore(StoreEngine.Postgres)]
public sealed class PeopleWalkOnPostgresTests : PeopleWalkTests;
