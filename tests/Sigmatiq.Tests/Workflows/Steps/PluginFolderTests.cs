using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.Tests.Workflows.Steps;

/// <summary>Step kinds of an assembly that the program was not built with; tests/Sigmatiq.SamplePlugin is one.</summary>
public sealed class PluginFolderTests : IDisposable
{
    private const string Yaml = """
        workflow: counts
        version: 1.0.0
        summary: Counts
        steps: { count: { uses: sample.count_words, with: { text: "one two three", least: 4 } } }
        """;

    private readonly TemporaryFolder folder = new();

    private static string Sample => Path.Combine(AppContext.BaseDirectory.Replace("Sigmatiq.Tests", "Sigmatiq.SamplePlugin", StringComparison.Ordinal), "Sigmatiq.SamplePlugin.dll");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_plug_in_adds_a_kind_whose_code_is_pinned_in_the_run()
    {
        File.Copy(Sample, Path.Combine(folder.Path, "Sigmatiq.SamplePlugin.dll"));
        await using KindRoom room = await KindRoom.OpenAsync(r => PluginFolder.Load(folder.Path, [], r.Data, r.Clock));
        room.Kinds.TryGet("sample.count_words", out StepKinds.Entry? entry).Should().BeTrue();
        var kind = entry!.Kind.Should().BeOfType<PluginKind>().Subject;
        (kind.Source.Assembly, kind.Source.Version).Should().Be(("Sigmatiq.SamplePlugin", "1.4.0.0"));
        kind.Source.Hash.Should().Be(ContentHash.OfFile(Sample));
        RunState state = await room.RunAsync(Yaml);
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        state.Step("count").Outputs!["words"]!.GetValue<int>().Should().Be(1);
        state.Request.Pins["code"]!["sample.count_words"]!.GetValue<string>().Should().Be(kind.Source.Hash.Hex);
        WorkflowYaml.Parse(Yaml.Replace("least: 4", "most: 4"), "p.yaml", room.Kinds).Problems.Single().Code.Should().Be(WorkflowCodes.UnknownField);
    }

    [Fact]
    public async Task A_run_never_goes_on_with_other_code_than_it_was_asked_for_and_other_code_reuses_nothing()
    {
        File.Copy(Sample, Path.Combine(folder.Path, "Sigmatiq.SamplePlugin.dll"));
        string other = Directory.CreateDirectory(Path.Combine(folder.Path, "other")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(other, "Sigmatiq.SamplePlugin.dll"), [.. await File.ReadAllBytesAsync(Sample, KindRoom.Ct), 0], KindRoom.Ct);
        await using KindRoom room = await KindRoom.OpenAsync(r => PluginFolder.Load(folder.Path, [], r.Data, r.Clock));
        RunId run = await room.StartAsync(Yaml);
        await room.DieAfterAsync(99, (_, _) => PluginFolder.Load(other, [], room.Data, room.Clock).Single());
        RunState state = await room.StateAsync(run);
        state.Status.Should().Be(RunStatus.Failed);
        state.Step("count").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.CodeChanged);

        ContentHash one = ContentHash.Of("one"), two = ContentHash.Of("two");
        StepInputs.HashOf(state, "count", 0, 1, one).Should().NotBe(StepInputs.HashOf(state, "count", 0, 1, two)).And.NotBe(StepInputs.HashOf(state, "count", 0, 1));
    }

    [Fact]
    public void A_plug_in_with_a_folder_of_its_own_is_all_the_assemblies_in_it()
    {
        string own = Directory.CreateDirectory(Path.Combine(folder.Path, "Sigmatiq.SamplePlugin")).FullName;
        File.Copy(Sample, Path.Combine(own, "Sigmatiq.SamplePlugin.dll"));
        DataDirectory data = new(Path.Combine(folder.Path, "data"));
        ContentHash alone = PluginFolder.Load(folder.Path, [], data, TimeProvider.System).Single().Source.Hash;
        File.WriteAllBytes(Path.Combine(own, "Needed.dll"), [1, 2, 3]);
        PluginFolder.Load(folder.Path, [], data, TimeProvider.System).Single().Source.Hash.Should().NotBe(alone);
    }

    [Fact]
    public void A_kind_replaces_none_and_what_is_no_plug_in_is_refused()
    {
        DataDirectory data = new(Path.Combine(folder.Path, "data"));
        Code(() => PluginFolder.Load(Path.Combine(folder.Path, "none"), [], data, TimeProvider.System)).Should().Be(WorkflowCodes.BadPlugin);
        File.Copy(Sample, Path.Combine(folder.Path, "Sigmatiq.SamplePlugin.dll"));
        Code(() => PluginFolder.Load(folder.Path, ["sample.count_words"], data, TimeProvider.System)).Should().Be(WorkflowCodes.KindTaken);
        File.Copy(Sample, Path.Combine(folder.Path, "Zwilling.dll"));
        Code(() => PluginFolder.Load(folder.Path, [], data, TimeProvider.System)).Should().Be(WorkflowCodes.KindTaken);
        File.Delete(Path.Combine(folder.Path, "Zwilling.dll"));
        File.WriteAllText(Path.Combine(folder.Path, "text.dll"), "no assembly");
        Code(() => PluginFolder.Load(folder.Path, [], data, TimeProvider.System)).Should().Be(WorkflowCodes.BadPlugin);
        File.Delete(Path.Combine(folder.Path, "text.dll"));
        File.Copy(typeof(PluginFolder).Assembly.Location, Path.Combine(folder.Path, "Exports.Nothing.dll"));
        Code(() => PluginFolder.Load(folder.Path, [], data, TimeProvider.System)).Should().Be(WorkflowCodes.BadPlugin);
    }

    [Fact]
    public async Task The_program_loads_plug_ins_from_the_folder_that_is_named_and_from_nowhere_else()
    {
        File.Copy(Sample, Path.Combine(folder.Path, "Sigmatiq.SamplePlugin.dll"));
        DataDirectory data = new(Path.Combine(folder.Path, "data"));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, KindRoom.Ct);
        StepKinds Kinds(string? plugins) => Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance, plugins: plugins).Engine.Kinds;
        Kinds(folder.Path).Names.Should().Contain("sample.count_words");
        Kinds(null).Names.Should().NotContain("sample.count_words");
        JsonNode schema = JsonNode.Parse(WorkflowSchema.TextOf(Kinds(folder.Path), "sample.count_words"))!;
        schema["with"]!["required"]!.AsArray().Select(f => f!.GetValue<string>()).Should().Equal("text");
    }

    private static string Code(Action load) => load.Should().Throw<ProblemException>().Which.Problem.Code;
}
