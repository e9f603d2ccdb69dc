using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Trading.Alerts;

/// <summary>A message in the form in which it travels: the same bytes on every attempt.</summary>
public static class MessageText
{
    private const int SubjectLengthMax = 150;

    /// <summary>One line of canonical JSON: <c>at, key, kind, message, subject</c>.</summary>
    public static string Json(Delivery delivery) => CanonicalJson.Text(new JsonObject
    {
        ["key"] = delivery.Key,
        ["kind"] = delivery.Kind,
        ["subject"] = delivery.Subject,
        ["at"] = UtcText.Format(delivery.EnqueuedAtUtc),
        ["message"] = JsonNode.Parse(delivery.Payload),
    });

    /// <summary>One line for the head of a mail.</summary>
    public static string Title(Delivery delivery)
    {
        string? says = Field(delivery, "title") ?? Field(delivery, "message") ?? Field(delivery, "text");
        string line = OneLine(says is null ? $"{delivery.Kind} {delivery.Subject}".TrimEnd() : $"{delivery.Kind}: {says}");
        return $"[Sigmatiq] {(line.Length <= SubjectLengthMax ? line : line[..SubjectLengthMax] + "…")}";
    }

    /// <summary>The fields one below the other, for people.</summary>
    public static string Plain(Delivery delivery)
    {
        StringBuilder text = new();
        foreach (var (name, value) in JsonNode.Parse(delivery.Payload) as JsonObject ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {(value is JsonValue ? value.ToString() : value?.ToJsonString())}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nkind: {delivery.Kind}\nat: {UtcText.Format(delivery.EnqueuedAtUtc)}\nkey: {delivery.Key}\n").ToString();
    }

    private static string? Field(Delivery delivery, string name) =>
        JsonNode.Parse(delivery.Payload) is JsonObject message && message[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
}
