using Sigmatiq.SamplePlugin;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

[assembly: ExportsStepKinds(typeof(CountWordsStep))]

namespace Sigmatiq.SamplePlugin;

/// <summary>What to count.</summary>
/// <param name="Text">The text.</param>
/// <param name="Least">Shortest word that counts.</param>
public sealed record CountWordsInput(string Text, int Least = 1);

/// <summary>What was counted.</summary>
/// <param name="Words">How many words.</param>
public sealed record CountWordsOutput(int Words);

/// <summary>A step kind of somebody else: counts words.</summary>
public sealed class CountWordsStep : StepKind<CountWordsInput, CountWordsOutput>
{
    /// <inheritdoc/>
    public override string Name => "sample.count_words";

    /// <inheritdoc/>
    public override string Summary => "Count the words of a text";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override Task<StepOutcome> RunAsync(StepContext context, CountWordsInput input, CancellationToken ct)
    {
        context.Log($"counts in {input.Text.Length} characters");
        return Task.FromResult(Done(new(input.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(w => w.Length >= input.Least))));
    }
}
