using Sigmatiq.Store.Outbox;

namespace Sigmatiq.App;

/// <summary>Where a message stands, in one word.</summary>
internal static class OutboxWords
{
    /// <summary><c>waiting</c> for a channel, <c>unwanted</c> by all, else as <see cref="DeliveryView.Status"/>.</summary>
    public static string StatusOf(DeliveryView d) => d.Channel.Length == 0 && d.GivenUpAtUtc is not null ? "unwanted" : d.Channel.Length == 0 ? "waiting" : d.Status;
}
