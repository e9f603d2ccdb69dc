using Sigmatiq.Store.Errors;

namespace Sigmatiq.Trading.Deployments;

/// <summary>How something approved would be deployed (spec 04 §4.5). It is voted on with the rest: the deploy service knows no strategy and
/// does what the manifest says, if its command is on the list.</summary>
/// <param name="PipelineType"><c>pack</c>; further types come with their strategies.</param>
/// <param name="Script">A registered command.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="ConfigPath">A config file below the checkout; null where the config is in the store.</param>
/// <param name="DbTables">Tables that it writes.</param>
public sealed record DeployManifest(string PipelineType, string Script, IReadOnlyList<string> Args, string? ConfigPath, IReadOnlyList<string> DbTables)
{
    // Nothing else is ever started by name; a further command is registered here by a release, never by a file.
    private static readonly Dictionary<string, (string Type, string[] Flags, string[] Tables)> Registered = new(StringComparer.Ordinal)
    {
        ["pack_model_pipeline"] = ("pack", ["--no-png", "--seed-db"], ["deployments", "guardrail_readings"]),
    };

    /// <summary>The manifest of a pack model: refit and publish; rows in <c>deployments</c>.</summary>
    public static DeployManifest ForPack { get; } = new("pack", "pack_model_pipeline", ["--phase", "production"], null, ["deployments"]);

    /// <summary>Why it may not be started, or null.</summary>
    /// <param name="manifest">The manifest; null in requests of before there were any.</param>
    /// <param name="place">What it belongs to.</param>
    public static Problem? Refusal(DeployManifest? manifest, string place)
    {
        if (manifest is null || !Registered.TryGetValue(manifest.Script, out var command))
        {
            return new("DEP-1007", $"'{manifest?.Script ?? "nothing"}' is no command that a deployment may start.", place, $"Registered are: {string.Join(", ", Registered.Keys)}.");
        }

        string[] args = [.. manifest.Args];
        string? wrong = manifest.PipelineType != command.Type ? $"the type '{manifest.PipelineType}'"
            : manifest.ConfigPath is not null ? $"the config '{manifest.ConfigPath}'"
            : args is not ["--phase", "production", .. var flags] ? $"the arguments '{string.Join(' ', manifest.Args)}'"
            : flags.FirstOrDefault(f => !command.Flags.Contains(f, StringComparer.Ordinal)) is { } flag ? $"the argument '{flag}'"
            : manifest.DbTables.FirstOrDefault(t => !command.Tables.Contains(t, StringComparer.Ordinal)) is { } table ? $"the table '{table}'"
            : null;
        return wrong is null ? null : new("DEP-1008", $"{manifest.Script} does not take {wrong}.", place, "Ask for a new vote on a manifest that the command takes.");
    }
}
