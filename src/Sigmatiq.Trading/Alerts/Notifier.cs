using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Alerts;

/// <summary>Empties the outbox: every message goes to the channels that the settings name for its kind, on each until it has arrived or was
/// given up. Any number of processes may do so at the same time; a message is with one of them at a time.</summary>
/// <param name="outbox">Where messages begin.</param>
/// <param name="deliveries">Where they are while they travel.</param>
/// <param name="outside">The settings.</param>
/// <param name="owner">This process, e.g. <c>machine/4711</c>.</param>
/// <param name="chance">Spreads the attempts, so that a receiver that comes back is not met by all at once.</param>
/// <param name="clock">The clock.</param>
/// <param name="say">Receives what could not be delivered, as a sentence for the log.</param>
public sealed class Notifier(OutboxQueue outbox, DeliveryQueue deliveries, OutsideFile outside, string owner, Rng chance, TimeProvider clock, Action<string> say) : IDisposable
{
    /// <summary>Kind of a message whose payload names its channel itself.</summary>
    public const string DirectKind = "notify";

    /// <summary>How often to look for messages.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The first wait after a failure; each further one is twice as long, up to <see cref="WaitMax"/>, and differs by a fifth.</summary>
    public static readonly TimeSpan WaitFirst = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait, also where a receiver asks for more.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromHours(1);

    /// <summary>How long a stop waits for the answer to a message that is on its way; without it the message goes out again.</summary>
    public static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);

    // A receiver that is down would cost every message behind it a whole timeout.
    private const int FailuresInARowMax = 3;

    private readonly ConcurrentDictionary<string, (ChannelSettings Settings, IMessageChannel Channel)> open = new(StringComparer.Ordinal);

    /// <summary>Whether there are settings; without, messages wait in the outbox.</summary>
    public bool IsSetUp => outside.IsThere;

    /// <summary>Delivers until it is stopped.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        string? said = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await DeliverDueAsync(ct);
                said = null;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Settings that were spoilt while we run, or a locked store: said once, tried again each second.
                if (said != e.Message)
                {
                    say($"Messages are not delivered: {e.Message}");
                }

                said = e.Message;
            }

            await Task.Delay(LookEvery, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Delivers what is due, every channel beside the others.</summary>
    /// <returns>How many arrived.</returns>
    /// <exception cref="ProblemException">OUT-1001 to OUT-1003: the settings are wrong.</exception>
    public async Task<int> DeliverDueAsync(CancellationToken ct)
    {
        OutsideSettings settings = outside.Read();
        if (!outside.IsThere)
        {
            return 0;
        }

        await outbox.RouteAsync(m => ChannelsOf(settings, m), ct);
        string[] channels = [.. (await deliveries.ChannelsAsync(ct)).Where(settings.Channels.ContainsKey)];
        int[] arrived = await Task.WhenAll(channels.Select(name => DeliverAsync(settings, settings.Channels[name], ct)));
        return arrived.Sum();
    }

    /// <summary>Waits until an attempt has been made at everything that is due, with a bound: what a command does before it ends.</summary>
    /// <param name="most">Longest time.</param>
    /// <param name="ct">Cancels the waiting.</param>
    public async Task<int> DeliverBeforeLeavingAsync(TimeSpan most, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return await DeliverDueAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // An engine or the next command goes on with it.
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, channel) in open.Values)
        {
            channel.Dispose();
        }

        open.Clear();
    }

    private static IReadOnlyList<string> ChannelsOf(OutsideSettings settings, OutboxMessage message) =>
        message.Kind == DirectKind && JsonNode.Parse(message.Payload)?["channel"]?.GetValue<string>() is { } named ? [named] : settings.ChannelsOf(message.Kind);

    private async Task<int> DeliverAsync(OutsideSettings settings, ChannelSettings channel, CancellationToken ct)
    {
        using CancellationTokenSource leave = new(Timeout.InfiniteTimeSpan, clock);
        using CancellationTokenRegistration onStop = ct.Register(() => leave.CancelAfter(LeaveWithin));
        int arrived = 0;
        for (int failures = 0; failures < FailuresInARowMax && await deliveries.ClaimAsync(channel.Name, owner, ct) is { } delivery;)
        {
            if (IsTooOld(settings.Patience, delivery))
            {
                await deliveries.GiveUpAsync(delivery, $"older than {settings.Patience.Age.TotalHours:0} h before its turn came", ct);
                continue;
            }

            // What came of an attempt is a fact, which a stop must not lose.
            if (await SendAsync(channel, delivery, leave.Token) is { } failure)
            {
                failures++;
                await (leave.IsCancellationRequested
                    ? deliveries.PostponeAsync(delivery, failure.Message, clock.GetUtcNow(), CancellationToken.None)
                    : FailAsync(settings.Patience, delivery, failure, CancellationToken.None));
                continue;
            }

            failures = 0;
            arrived += await deliveries.DeliveredAsync(delivery, CancellationToken.None) ? 1 : 0;
        }

        return arrived;
    }

    private bool IsTooOld(Patience patience, Delivery delivery) => delivery.Attempts == 1 && clock.GetUtcNow() - delivery.SinceUtc > patience.Age;

    // Null where it arrived.
    private async Task<DeliveryException?> SendAsync(ChannelSettings settings, Delivery delivery, CancellationToken ct)
    {
        using CancellationTokenSource timer = new(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            await ChannelOf(settings).SendAsync(delivery, either.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return new(ct.IsCancellationRequested ? "the program stopped before the answer came" : $"no answer within {settings.Timeout.TotalSeconds:0} s");
        }
        catch (DeliveryException e)
        {
            return e;
        }
        catch (ProblemException e)
        {
            return new(e.Problem.Message, null, e);
        }
        catch (Exception e)
        {
            // A message that the channel cannot even put together must not stop those behind it.
            return new($"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", null, e);
        }
    }

    private async Task FailAsync(Patience patience, Delivery delivery, DeliveryException failure, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset next = now + WaitAfter(delivery, failure.After);
        if (delivery.Attempts >= patience.Attempts || next - delivery.SinceUtc > patience.Age)
        {
            await deliveries.GiveUpAsync(delivery, failure.Message, ct);
            say($"The message {delivery.Key} to {delivery.Channel} was given up after {delivery.Attempts} attempts: {failure.Message}");
            return;
        }

        await deliveries.PostponeAsync(delivery, failure.Message, next, ct);
        say($"The message {delivery.Key} did not reach {delivery.Channel}; next try at {UtcText.Format(next)}: {failure.Message}");
    }

    private TimeSpan WaitAfter(Delivery delivery, TimeSpan? asked)
    {
        double seconds = Math.Min(WaitMax.TotalSeconds, WaitFirst.TotalSeconds * Math.Pow(2, Math.Min(delivery.Attempts - 1, 30)));
        seconds *= 0.8 + (0.4 * chance.Fork($"{delivery.Channel}/{delivery.Key}", delivery.Fence).NextDouble());
        return TimeSpan.FromSeconds(Math.Min(WaitMax.TotalSeconds, Math.Max(seconds, asked?.TotalSeconds ?? 0)));
    }

    // Made anew where its settings have changed.
    private IMessageChannel ChannelOf(ChannelSettings settings)
    {
        if (open.TryGetValue(settings.Name, out var known))
        {
            if (ReferenceEquals(known.Settings, settings))
            {
                return known.Channel;
            }

            known.Channel.Dispose();
        }

        IMessageChannel channel = settings switch
        {
            WebhookSettings webhook => new WebhookChannel(webhook, clock),
            SmtpSettings smtp => new SmtpChannel(smtp),
            FileSettings file => new FileChannel(file, clock),
            _ => throw new InvalidOperationException($"{settings.GetType().Name} is no channel."),
        };
        open[settings.Name] = (settings, channel);
        return channel;
    }
}
