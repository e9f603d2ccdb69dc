using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sigmatiq.Store.Content;

/// <summary>Reads JSON that came from outside.</summary>
/// <remarks>Depth is bounded, so that no text can use up the stack; a key that stands twice is refused, since readers differ in which
/// of the two they take.</remarks>
public static class JsonText
{
    /// <summary>Deepest nesting.</summary>
    public const int DepthMax = 32;

    /// <summary>What every reader of outside JSON allows.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">Not JSON, nested too deeply, or a key that stands twice.</exception>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, null, Strict);
        }
        catch (ArgumentException e)
        {
            // Half a surrogate pair: a text that no bytes of UTF-8 can be.
            throw new JsonException("The text is not Unicode.", e);
        }
    }
}
