using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A corner on the canvas.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
public readonly record struct CanvasPlace(double X, double Y);

/// <summary>Where steps stand when a workflow is drawn: <c>layout/{id}.json</c> beside the files. What was moved changes no version and no hash.</summary>
/// <param name="folder">The folder of workflow files.</param>
public sealed class WorkflowLayouts(string folder)
{
    /// <summary>Farthest place from the middle.</summary>
    public const double FarMax = 100_000;

    /// <summary>The places by step; empty where nothing was moved or the file cannot be read.</summary>
    /// <exception cref="ProblemException">WFL-1011: the id is no name.</exception>
    public IReadOnlyDictionary<string, CanvasPlace> Read(string id)
    {
        string path = PathOf(id);
        try
        {
            return File.Exists(path) && JsonNode.Parse(File.ReadAllText(path))?["positions"] is JsonObject positions
                ? positions.Where(p => p.Value is JsonArray { Count: 2 }).ToDictionary(p => p.Key, p => new CanvasPlace(p.Value![0]!.GetValue<double>(), p.Value[1]!.GetValue<double>()), StringComparer.Ordinal)
                : new Dictionary<string, CanvasPlace>(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            // Nothing is lost by a layout that is: the studio places the steps itself.
            return new Dictionary<string, CanvasPlace>(StringComparer.Ordinal);
        }
    }

    /// <summary>Keeps the places, in place of all that were kept before.</summary>
    /// <exception cref="ProblemException">WFL-1011: a name or place is none, or there are too many. WFL-1015: the folder cannot be written.</exception>
    public void Write(string id, IReadOnlyDictionary<string, CanvasPlace> places)
    {
        string path = PathOf(id);
        if (places.Count > WorkflowYaml.StepsMax || places.Any(p => !Names.IsName(p.Key) || !(Math.Abs(p.Value.X) <= FarMax && Math.Abs(p.Value.Y) <= FarMax)))
        {
            throw new ProblemException(WorkflowCodes.BadValue, "The layout has a step or a place that there cannot be.", "positions", $"Send names of steps with two numbers up to {FarMax}.", ExitCode.BadUsage);
        }

        JsonObject positions = new(places.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)new JsonArray(Math.Round(p.Value.X, 1), Math.Round(p.Value.Y, 1)))));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, new JsonObject { ["positions"] = positions }.ToJsonString() + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(WorkflowCodes.CannotSave, $"The layout cannot be written: {e.Message}", path, "Let the server write there, or name another folder in SIGMATIQ_WORKFLOWS.", ExitCode.Error), e);
        }
    }

    private string PathOf(string id) => Names.IsName(id) ? Path.Combine(folder, "layout", id + ".json")
        : throw new ProblemException(WorkflowCodes.BadValue, $"'{id}' is no name of a workflow.", "id", "Use lower-case letters, digits and underscores, a letter first.", ExitCode.BadUsage);
}
