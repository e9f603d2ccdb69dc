using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Fuzz.Workflows;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Fuzz.Targets;

/// <summary>Workflow files, checked against the step kinds of the program.</summary>
internal sealed partial class WorkflowYamlTarget : IFuzzTarget
{
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-fuzz-").FullName;
    private readonly IRowStore rows;
    private readonly StepKinds kinds;

    public WorkflowYamlTarget()
    {
        DataDirectory data = new(folder);
        rows = SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
        kinds = Platform.Open(data, rows, new IdSource(TimeProvider.System, n => new byte[n]), TimeProvider.System, NullLoggerFactory.Instance).Engine.Kinds;
        HashSet<string> used = [];
        Corpus = [.. Enumerable.Range(0, 30).Select(i => RandomLayout.Write(RandomWorkflow.Make(kinds, Rng.From(7).Fork("corpus", i), used), Rng.From(7).Fork("layout", i), used).Text),
            .. Directory.EnumerateFiles(Path.Combine(FuzzTargets.Home, "workflows"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText), Full];
        Words = [.. kinds.Names, .. Corpus.SelectMany(t => t.Split([' ', '\n', '"', '[', ']', ',', '{', '}'], StringSplitOptions.RemoveEmptyEntries)).Distinct().Order(StringComparer.Ordinal)];
    }

    public string Name => "workflow-yaml";

    public IReadOnlyList<string> Corpus { get; }

    public IReadOnlyList<string> Words { get; }

    private static string Full => """
        workflow: fuzzed
        version: 1.0.0
        summary: Everything the language has
        parameters:
          ticker: { type: symbol, default: MKT.SYN }
          select: { type: int, default: 2, min: 1, max: 5, help: how many }
        concurrency: { group: "fuzzed/{params.ticker}", limit: 1, when_full: queue }
        steps:
          bootstrap: { uses: store.bootstrap, retry: { attempts: 3, backoff: exponential, first: 5s, on: [source_unavailable] }, timeout: 10m }
          align: { uses: market.align, needs: [bootstrap], with: { pack: swingsigma@1.1.0, ticker: "{params.ticker}" }, when: steps.bootstrap.outputs.packs != 0 OR NOT true, on_failure: continue }
        """;

    public bool Read(string text)
    {
        ParseResult<WorkflowDefinition> parsed = WorkflowYaml.Parse(text, "fuzz.yaml", kinds);
        if (parsed.Problems.FirstOrDefault(p => !Place().IsMatch(p.Where ?? "")) is { } lost)
        {
            throw new InvalidOperationException($"{lost.Code} does not say where: '{lost.Where}'");
        }

        // What is taken is a document too, and unchanged where nothing was asked of it.
        WorkflowDefinition definition = parsed.Value;
        return WorkflowDocument.Parse(text, "fuzz.yaml").Value.With(definition.Content).Text == text
            && WorkflowDocument.Of(definition.Content, "fuzz.yaml").Read(kinds).Value.Hash == definition.Hash ? true
            : throw new InvalidOperationException("The document does not survive its own content.");
    }

    [GeneratedRegex(@"^fuzz\.yaml:[1-9][0-9]*:[1-9][0-9]*$")]
    private static partial Regex Place();

    public void Dispose()
    {
        (rows as IDisposable)?.Dispose();
        (rows as IAsyncDisposable)?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }
}
