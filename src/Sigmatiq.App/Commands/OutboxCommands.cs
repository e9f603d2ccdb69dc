using System.CommandLine;
using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq outbox</c>: what is on its way out, and what did not arrive.</summary>
internal static class OutboxCommands
{
    public static Command Create(CommandHost host) =>
        new("outbox", "Messages to the world outside: alerts, reminders, notifications") { List(host), Retry(host), Deliver(host) };

    private static Command List(CommandHost host)
    {
        var all = new Option<bool>("--all") { Description = "What has arrived and what nobody wanted, too" };
        LimitOption limit = new("How many messages at most", 100);
        Command list = new("list", "What is on its way or was given up, newest first") { all };
        limit.AddTo(list);
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            (bool everything, int most) = (parse.GetValue(all), limit.Read(parse));
            IReadOnlyList<DeliveryView> sent = await platform.Deliveries.ListAsync(everything, most, ct), waiting = await platform.Deliveries.UnroutedAsync(everything, most, ct);
            List<DeliveryView> shown = [.. waiting.Concat(sent).Take(most)];
            if (waiting.Any(w => w.Status == "pending") && !platform.Outside.IsThere)
            {
                context.Output.Note($"Nothing says where messages go: write {platform.Outside.Path}, see docs/outside.md.");
            }

            context.Output.List(
                shown, shown.Select(d => new
                {
                    Id = d.Key, d.Channel, d.Kind, d.Subject, Status = OutboxWords.StatusOf(d), d.Attempts, d.EnqueuedAtUtc, d.NextAttemptAtUtc, d.LastError, d.DeliveredAtUtc, d.GivenUpAtUtc,
                }),
                new("kind", d => d.Kind, Weight: Weight.Key), new("channel", d => d.Channel), new("state", OutboxWords.StatusOf, Tone: ToneOf, Weight: Weight.Key),
                new("tries", d => d.Attempts.ToString(CultureInfo.InvariantCulture), Right: true), new("written", d => Time(d.EnqueuedAtUtc)),
                new("error", d => d.LastError), new("key", d => d.Key, Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Retry(CommandHost host)
    {
        var key = new Argument<string?>("key") { Description = "The message (default: all that were given up)", Arity = ArgumentArity.ZeroOrOne };
        Command retry = new("retry", "Send again what was given up or failed; its age and attempts count anew") { key };
        host.RunOnStore(retry, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            int opened = await platform.Deliveries.RetryAsync(parse.GetValue(key), ct);
            int arrived = await platform.Notifier.DeliverDueAsync(ct);
            context.Output.Item(new { Opened = opened, Delivered = arrived }, ("sent again", opened.ToString(CultureInfo.InvariantCulture)),
                ("arrived", arrived.ToString(CultureInfo.InvariantCulture)));
            return ExitCode.Ok;
        });
        return retry;
    }

    private static Command Deliver(CommandHost host)
    {
        Command deliver = new("deliver", "Send what is due now, without an engine; one that serves the store does so by itself");
        host.RunOnStore(deliver, async (_, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            if (!platform.Outside.IsThere)
            {
                throw new ProblemException("OUT-1013", "Nothing says where messages go.", platform.Outside.Path, "Write channels and routes into it: docs/outside.md shows how.");
            }

            int arrived = await platform.Notifier.DeliverDueAsync(ct);
            int open = (await platform.Deliveries.ListAsync(all: false, int.MaxValue, ct)).Count(d => d.Status != "given_up");
            context.Output.Item(new { Delivered = arrived, Open = open }, ("arrived", arrived.ToString(CultureInfo.InvariantCulture)),
                ("still open", open.ToString(CultureInfo.InvariantCulture)));
            return ExitCode.Ok;
        });
        return deliver;
    }

    private static Tone ToneOf(DeliveryView d) => OutboxWords.StatusOf(d) switch
    {
        "delivered" => Tone.Ok,
        "given_up" => Tone.Bad,
        "retrying" => Tone.Caution,
        _ => Tone.Quiet,
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
