using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.App.Commands;

/// <summary>A store on PostgreSQL as its owner and the program's user meet it on the command line.</summary>
public sealed class StoreCommandsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PrivatePostgres server = null!;
    private PrivateDatabase database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await PrivatePostgres.RunningAsync();
        database = await server.NewDatabaseAsync(empty: true);
    }

    [Fact]
    public async Task A_prepared_store_is_used_with_the_password_of_a_file_that_nobody_prints_or_logs()
    {
        string user = $"{database.Name}_app", file = folder["password"];
        await File.WriteAllTextAsync(file, "pässword of the app\n", Ct);
        await database.AdministerAsync($"alter database {database.Name} set log_statement = 'all'");
        CommandLineRun prepared = await RunAsync("store", "prepare", "--store", database.Url, "--user", user, "--user-password-file", file, "--output", "json");
        prepared.ExitCode.Should().Be(0, prepared.Error);
        JsonNode.Parse(prepared.Out)!["user_made"]!.GetValue<bool>().Should().BeTrue();
        await server.AdministerAsync($"grant guarded to {user}");

        string[] store = ["--store", database.UrlFor(user), "--store-password-file", file];
        (await RunAsync(["runs", "list", .. store])).ExitCode.Should().Be(0);
        CommandLineRun doctor = await RunAsync(["doctor", "--output", "json", .. store]);
        JsonNode found = JsonNode.Parse(doctor.Out)!.AsArray().Single(f => f!["id"]!.GetValue<string>() == "store")!;
        found["detail"]!.GetValue<string>().Should().Contain("PostgreSQL ").And.NotContain("triggers alone");
        found["present"]!.GetValue<bool>().Should().BeFalse("this server runs without fsync");
        CommandLineRun version = await RunAsync(["version", .. store]);
        version.Out.Should().Contain($"postgres://{user}@");

        await File.WriteAllTextAsync(file, "wröng password", Ct);
        CommandLineRun wrong = await RunAsync(["runs", "list", .. store]);
        wrong.Error.Should().Contain("STO-1010");
        string said = string.Concat(new[] { prepared, doctor, version, wrong }.Select(r => r.Out + r.Error)) + server.Log;
        server.Log.Contains($"create role {user} login password 'SCRAM-SHA-256", StringComparison.Ordinal).Should().BeTrue("the log is one that would show it");
        (said.Contains("pässword", StringComparison.Ordinal) || said.Contains("wröng", StringComparison.Ordinal)).Should().BeFalse("nobody may read it there");
    }

    [Fact]
    public async Task An_owner_who_is_the_programs_user_too_is_told_what_that_costs()
    {
        (await RunAsync("runs", "list", "--store", database.Url)).ExitCode.Should().Be(0);
        (await RunAsync("doctor", "--store", database.Url, "--output", "json")).Out.Should().Contain("triggers alone");
        (await RunAsync("store", "prepare", "--store", database.Url, "--user", PrivatePostgres.Owner)).Error.Should().Contain("STO-1013");
    }

    [Fact]
    public async Task A_store_that_cannot_be_prepared_says_why()
    {
        (await RunAsync("store", "prepare", "--user", "x")).Should().Match<CommandLineRun>(r => r.ExitCode == (int)ExitCode.BadUsage && r.Error.Contains("APP-1044"));
        (await RunAsync("runs", "list", "--store", "postgres://ana:secret@")).Error.Should().Contain("STO-1012").And.NotContain("secret");
        (await RunAsync("runs", "list", "--store", "mysql://ana:secret@host/db")).Error.Should().Contain("APP-1002").And.NotContain("secret");
        (await RunAsync("doctor", "--store", database.Url.Replace("sigmatiq-pg-", "sigmatiq-gone-"), "--output", "json")).Out.Should().Contain("STO-1009");
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    private Task<CommandLineRun> RunAsync(params string[] words) => CommandLineRun.OfAsync([.. words, "--data", folder["data"]], Ct);
}
