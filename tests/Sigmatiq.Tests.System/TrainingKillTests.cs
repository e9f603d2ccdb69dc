using System.Text.Json.Nodes;
using FluentAssertions.Execution;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A training killed with -9 in each of its steps, and at random moments: what it gives then is what an undisturbed one gives, and nothing is
/// counted twice. <c>SIGMATIQ_KILLS=20</c> sets how many random kills there are.</summary>
public sealed class TrainingKillTests(TrainingKillTests.Swept swept) : IClassFixture<TrainingKillTests.Swept>, IDisposable
{
    // Enough trees that fitting and folds last long enough to be hit.
    private static readonly string[] Train = ["training", "run", "--combo", "1", "--evidence-only", "--set", "n_estimators=600", "learning_rate=0.02"];
    private static readonly string[] Steps = ["data_preparation", "feature_engineering", "model_training", "validation", "calibration"];

    private const int TriesMax = 20;

    private readonly List<string> folders = [];

    public static TheoryData<int> StepNumbers => [0, 1, 2, 3, 4];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(StepNumbers))]
    public async Task A_training_killed_in_a_step_and_resumed_equals_an_undisturbed_one(int step)
    {
        // A step may last some hundredths of a second, and a busy machine may see its mark when it has ended: then the kill hit another step, and a new
        // training is begun.
        for (int i = 0; i < TriesMax; i++)
        {
            string data = NewFolder();
            if (await IsKilledInAsync(data, step))
            {
                await IsAsUndisturbedAsync(data);
                return;
            }
        }

        Assert.Fail($"{TriesMax} kills in a row came after {Steps[step]} had ended.");
    }

    [Fact]
    public async Task A_tuning_killed_at_random_moments_gives_the_bytes_of_an_undisturbed_one_and_counts_each_trial_once()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("SIGMATIQ_KILLS"), out int asked) ? asked : 4;
        string[] tune = [.. Train[..5], "--set", "tune=true"];
        string calm = NewFolder(), disturbed = NewFolder();
        int trials = await TrialsAsync(calm);
        await EndsAsync(calm, tune);
        (await TrialsAsync(calm)).Should().Be(trials + 12);

        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        using AssertionScope scope = new($"seed {seed}");
        for (int killed = 0; ;)
        {
            using ProgramProcess process = Start(disturbed, tune);
            if (killed < kills)
            {
                await Task.WhenAny(process.EndAsync(TimeSpan.FromMinutes(5), Ct), Task.Delay(500 + chance.NextInt(2500), Ct));
                process.Kill();
                killed++;
                continue;
            }

            (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(0, process.Error);
            break;
        }

        FilesOf(disturbed).Should().HaveCount(3).And.Equal(FilesOf(calm));
        (await TrialsAsync(disturbed)).Should().Be(trials + 12);
        (await JsonAsync(disturbed, "training", "list")).AsArray().Should().HaveCount(1);
        (await JsonAsync(disturbed, "trained-models", "list"))[0]!["review"]!["holdout_look"]!.GetValue<int>().Should().Be(1);
        Directory.Exists(Path.Combine(disturbed, "training", "train_001")).Should().BeFalse("checkpoints go when the job is complete");
    }

    [Fact]
    public async Task A_second_process_that_asks_for_a_training_under_way_follows_it_and_takes_over_where_the_first_is_killed()
    {
        string data = NewFolder(), job = Path.Combine(data, "training", "train_001");
        using ProgramProcess first = Start(data, Train);
        await AppearsAsync(() => File.Exists(Path.Combine(job, "data_preparation.checkpoint")) || first.HasExited);
        using ProgramProcess second = Start(data, Train);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ct);
        first.Kill();
        (await second.EndAsync(TimeSpan.FromMinutes(2), Ct)).Should().Be(0, second.Error);
        await IsAsUndisturbedAsync(data);
    }

    [Fact]
    public async Task A_training_that_another_process_cancels_ends_within_seconds_as_cancelled()
    {
        string data = NewFolder();
        using ProgramProcess process = Start(data, [.. Train[..^2], "n_estimators=10000", "max_depth=12"]);
        await AppearsAsync(() => File.Exists(Path.Combine(data, "training", "train_001", "feature_engineering.checkpoint")));
        await EndsAsync(data, "training", "cancel", "train_001");

        // Cancelling itself has ended; what is left is a look at the row and the end of a process.
        (await process.EndAsync(TimeSpan.FromSeconds(30), Ct)).Should().Be(130);
        process.Error.Should().Contain("TRN-3010");
        JsonNode job = await JsonAsync(data, "training", "show", "train_001");
        job["status"]!.GetValue<string>().Should().Be("cancelled");
        job["progress"]![2]!["status"]!.GetValue<string>().Should().Be("failed", "it was stopped in the midst of its trees");
        FilesOf(data).Should().BeEmpty();
        Directory.Exists(Path.Combine(data, "training", "train_001")).Should().BeFalse();
    }

    public void Dispose() => folders.ForEach(f => Directory.Delete(f, recursive: true));

    private async Task IsAsUndisturbedAsync(string data)
    {
        await EndsAsync(data, Train);
        FilesOf(data).Should().HaveCount(3).And.Equal(await swept.UndisturbedAsync(Train));
        JsonArray jobs = (await JsonAsync(data, "training", "list")).AsArray();
        jobs.Should().ContainSingle().Which!["status"]!.GetValue<string>().Should().Be("completed");
        (await JsonAsync(data, "trained-models", "list"))[0]!["review"]!["holdout_look"]!.GetValue<int>().Should().Be(1, "a look that is repeated after a kill is the same look");
        Directory.Exists(Path.Combine(data, "training", "train_001")).Should().BeFalse("checkpoints go when the job is complete");
    }

    // What the step before it leaves is the mark that a step has begun, and what it leaves itself that it has ended; a completed job has neither.
    private static async Task<bool> IsKilledInAsync(string data, int step)
    {
        string job = Path.Combine(data, "training", "train_001"), ended = Path.Combine(job, $"{Steps[step]}.checkpoint");
        bool HasBegun() => step == 0 ? Directory.Exists(job) : File.Exists(Path.Combine(job, $"{Steps[step - 1]}.checkpoint"));
        using ProgramProcess process = Start(data, Train);
        await AppearsAsync(() => HasBegun() || process.HasExited);
        if (process.HasExited)
        {
            (await process.EndAsync(TimeSpan.FromMinutes(1), Ct)).Should().Be(0, process.Error);
            return false;
        }

        process.Kill();
        return HasBegun() && !File.Exists(ended);
    }

    // Looks as often as it can: the step to hit may last some hundredths of a second.
    private static async Task AppearsAsync(Func<bool> isThere)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!isThere())
        {
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromMinutes(2));
            await Task.Yield();
        }
    }

    private static async Task<int> TrialsAsync(string data)
    {
        var rows = await SqliteRowStore.OpenAsync(Path.Combine(data, "sigmatiq.db"), TimeProvider.System, Ct);
        using (rows)
        {
            return await rows.FirstAsync<int>("select count(*) from trials", null, Ct);
        }
    }

    private static string[] FilesOf(string data) =>
        [.. Directory.GetFiles(Path.Combine(data, "models"), "*_00?.*").Order().Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}")];

    private static ProgramProcess Start(string data, params string[] args) => ProgramProcess.Start([.. args, "--data", data]);

    private static async Task<ProgramProcess> EndsAsync(string data, params string[] args)
    {
        ProgramProcess process = Start(data, args);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(0, $"{string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private static async Task<JsonNode> JsonAsync(string data, params string[] args)
    {
        using ProgramProcess process = await EndsAsync(data, [.. args, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }

    private string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("sigmatiq-kill-").FullName;
        folders.Add(folder);
        Swept.Copy(swept.Folder, folder);
        return folder;
    }

    /// <summary>A store with one sweep, copied for every test, and what a training gives in it that nobody disturbs.</summary>
    public sealed class Swept : IAsyncLifetime
    {
        private string[]? undisturbed;

        public string Folder { get; } = Directory.CreateTempSubdirectory("sigmatiq-kill-").FullName;

        public async ValueTask InitializeAsync() => await EndsAsync(
            Folder, "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--until", "sweep");

        public async Task<string[]> UndisturbedAsync(string[] train)
        {
            if (undisturbed is null)
            {
                string calm = Directory.CreateTempSubdirectory("sigmatiq-kill-").FullName;
                Copy(Folder, calm);
                await EndsAsync(calm, train);
                undisturbed = FilesOf(calm);
                Directory.Delete(calm, recursive: true);
            }

            return undisturbed;
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        public static void Copy(string from, string to)
        {
            foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }
}
