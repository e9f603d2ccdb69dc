using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Alerts;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to say, and where.</summary>
/// <param name="Channel">Name of a channel of the settings file.</param>
/// <param name="Message">The text.</param>
/// <param name="Title">One line for the head of a mail; the text where it is left out.</param>
/// <param name="Attachments">Files of the data directory that the receiver may fetch, known by their hash.</param>
/// <param name="WaitFor"><c>enqueued</c>: the message is safe and will be sent; <c>delivered</c>: the receiver has it.</param>
public sealed record NotifyInput(
    string Channel, string Message, string? Title = null, IReadOnlyList<NotifyAttachment>? Attachments = null, [Words("enqueued", "delivered")] string WaitFor = "enqueued");

/// <summary>A file that a message points to.</summary>
/// <param name="File">Path in the data directory.</param>
/// <param name="Sha256">Its hash.</param>
public sealed record NotifyAttachment(string File, string Sha256);

/// <summary>The message.</summary>
/// <param name="Key">Its key: what the receiver knows it by.</param>
/// <param name="Channel">Where it goes.</param>
/// <param name="Status"><c>enqueued</c> or <c>delivered</c>.</param>
public sealed record NotifyOutput(string Key, string Channel, string Status);

/// <summary>Sends a message to a channel. However often the step is attempted, it is one message by the key of the step.</summary>
/// <param name="rows">The store.</param>
/// <param name="outbox">Where the message begins.</param>
/// <param name="deliveries">Where it stands later.</param>
/// <param name="outside">The channels.</param>
/// <param name="data">Where attachments lie.</param>
public sealed class NotifyStep(IRowStore rows, OutboxQueue outbox, DeliveryQueue deliveries, OutsideFile outside, DataDirectory data)
    : StepKind<NotifyInput, NotifyOutput>
{
    private const int AttachmentsMax = 20;

    /// <inheritdoc/>
    public override string Name => "notify";

    /// <inheritdoc/>
    public override string Summary => "Send a message to a channel: a signed webhook, mail or a file";

    /// <summary>What a run that waits for a delivery is woken by.</summary>
    public static string WakeKeyOf(string key) => $"delivery:{key}";

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        if (input.Text("wait_for") is { } wait and not ("enqueued" or "delivered"))
        {
            yield return new("wait_for", Definitions.WorkflowCodes.BadValue, $"wait_for has no value '{wait}'.", "Write enqueued or delivered.");
        }

        if (input.List("attachments").Count > AttachmentsMax)
        {
            yield return new("attachments", OutsideCodes.BadAttachment, $"There are more than {AttachmentsMax} attachments.", "Attach fewer, or send a second message.");
        }
    }

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, NotifyInput input, CancellationToken ct)
    {
        if (Faults(StepLiterals.Of(input)).FirstOrDefault() is { } fault)
        {
            return fault.Failed(context);
        }

        OutsideSettings settings = outside.Read();
        if (!settings.Channels.ContainsKey(input.Channel))
        {
            return Refused(context, OutsideCodes.UnknownChannel, $"There is no channel '{input.Channel}'.",
                settings.Channels.Count == 0 ? $"Set it up in {outside.Path}." : $"Use one of: {string.Join(", ", settings.Channels.Keys.Order(StringComparer.Ordinal))}.");
        }

        JsonArray attached = [];
        foreach (NotifyAttachment attachment in input.Attachments ?? [])
        {
            if (SizeOf(attachment) is not { } bytes)
            {
                return Refused(context, OutsideCodes.BadAttachment, $"'{attachment.File}' is no file of the data directory with the hash {attachment.Sha256}.",
                    "Attach what an earlier step wrote, with the hash that it gave.");
            }

            attached.Add(new JsonObject { ["file"] = attachment.File, ["sha256"] = attachment.Sha256, ["bytes"] = bytes });
        }

        string key = context.EffectKey;
        bool waits = input.WaitFor == "delivered";
        await rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, key, Notifier.DirectKind, new JsonObject
        {
            ["channel"] = input.Channel, ["title"] = input.Title, ["message"] = input.Message, ["run"] = context.Run.Value, ["step"] = context.Step,
            ["attachments"] = attached,
        }, ct, $"run:{context.Run}", waits ? WakeKeyOf(key) : null), ct);
        if (!waits)
        {
            return Done(new NotifyOutput(key, input.Channel, "enqueued"));
        }

        Arrival arrival = await deliveries.ArrivalAsync(key, ct);
        return arrival switch
        {
            { Total: > 0 } when arrival.Delivered == arrival.Total => Done(new NotifyOutput(key, input.Channel, "delivered")),
            { GivenUp: > 0 } => Refused(context, OutsideCodes.GivenUp, $"The message to {input.Channel} was given up: {arrival.LastError}",
                $"Mend the channel, then 'sigmatiq outbox retry {key}' and 'sigmatiq runs retry {context.Run}'."),
            _ => new StepOutcome.Waiting($"waits until {input.Channel} has the message", WakeKeyOf(key), null),
        };
    }

    private static StepOutcome.Failed Refused(StepContext context, string code, string message, string remedy) =>
        new(new(code, message, $"step {context.Step}", remedy), FailureCategories.Refused);

    // Null where there is no such file within the directory, or with other bytes.
    private long? SizeOf(NotifyAttachment attachment)
    {
        string root = Path.GetFullPath(data.Root) + Path.DirectorySeparatorChar, path = Path.GetFullPath(attachment.File, root);
        FileInfo file = new(path);
        return path.StartsWith(root, StringComparison.Ordinal) && file.Exists && file.LinkTarget is null && ContentHash.OfFile(path).Hex == attachment.Sha256 ? file.Length : null;
    }
}
