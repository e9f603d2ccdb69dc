using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Trainings as processes: the same in every store and on any number of cores.</summary>
public sealed class TrainingTests : IDisposable
{
    private static readonly string[] Lane =
        ["lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--until", "train"];

    private readonly List<string> folders = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_names_and_bytes_of_trained_models_follow_the_selection_in_every_store_and_on_any_number_of_cores()
    {
        string one = NewFolder(), two = NewFolder();
        await EndsAsync(0, 1, one, Lane);
        await EndsAsync(0, 2, two, [.. Lane, "--key", "another name of the run"]);

        FilesOf(one).Should().HaveCount(6);
        FilesOf(two).Should().Equal(FilesOf(one));
        foreach (string data in (string[])[one, two])
        {
            JsonArray models = (await JsonAsync(data, "trained-models", "list")).AsArray();
            JsonNode best = (await JsonAsync(data, "training", "show", "train_001"))!;
            best["rank"]!.GetValue<int>().Should().Be(1, "the first of the selection has the first number");
            models.Single(m => m!["id"]!.GetValue<string>() == best["trained_model_id"]!.GetValue<string>())!["review"]!["holdout_look"]!.GetValue<int>().Should().Be(1);
        }
    }

    [Fact]
    public async Task What_was_chosen_for_the_training_is_what_the_deployment_is_refitted_with()
    {
        string data = NewFolder();
        string[] lane = [.. Lane[..^2], "--select", "1", "--train", "n_estimators=15", "max_depth=3", "calibration=none"];
        await EndsAsync(3, null, data, lane);
        await EndsAsync(0, null, data, "approvals", "approve", "--reason", "looks sound on paper");
        JsonArray models = (await JsonAsync(data, "trained-models", "list")).AsArray();
        models.Should().HaveCount(2);
        foreach (JsonNode? model in models)
        {
            JsonNode meta = (await JsonAsync(data, "trained-models", "show", model!["id"]!.GetValue<string>()))["meta"]!;
            meta["hyperparameters"]!["n_estimators"]!.GetValue<int>().Should().Be(15);
            meta["hyperparameters"]!["max_depth"]!.GetValue<int>().Should().Be(3);
            meta["training_params"]!["calibration"]!.GetValue<string>().Should().Be("none");
        }

        (await EndsAsync(2, null, data, [.. lane, "--train", "max_depth=99"])).Error.Should().Contain("TRN-1002");
        (await JsonAsync(data, "runs", "list")).AsArray().Should().HaveCount(1, "a slip of the pen leaves no failed run");
    }

    /// <inheritdoc/>
    public void Dispose() => folders.ForEach(f => Directory.Delete(f, recursive: true));

    private static string[] FilesOf(string data) =>
        [.. Directory.GetFiles(Path.Combine(data, "models"), "*_00?.*").Order().Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}")];

    private static async Task<ProgramProcess> EndsAsync(int exit, int? cores, string data, params string[] args)
    {
        ProgramProcess process = ProgramProcess.StartOn(cores, [.. args, "--data", data]);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private static async Task<JsonNode> JsonAsync(string data, params string[] args)
    {
        using ProgramProcess process = await EndsAsync(0, null, data, [.. args, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }

    private string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("sigmatiq-training-").FullName;
        folders.Add(folder);
        return folder;
    }
}
