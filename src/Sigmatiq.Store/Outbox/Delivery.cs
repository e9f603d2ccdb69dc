namespace Sigmatiq.Store.Outbox;

/// <summary>One message on its way to one channel, claimed by this process.</summary>
/// <param name="Seq">Order within a channel.</param>
/// <param name="Key">The same on every attempt and every channel: the receiver drops a second one by it.</param>
/// <param name="Channel">Name of the channel.</param>
/// <param name="Kind">What it is, e.g. <c>alert.workflow</c>.</param>
/// <param name="Subject">What it is about; null where order means nothing.</param>
/// <param name="Payload">JSON.</param>
/// <param name="WakeKey">Whoever waits for its arrival is woken by this key.</param>
/// <param name="EnqueuedAtUtc">When it was written.</param>
/// <param name="SinceUtc">From when its age counts: when it was written, or when somebody asked for it again.</param>
/// <param name="Attempts">Attempts begun since then, this one included.</param>
/// <param name="Fence">Grows with every claim: an older claimant can no longer put it off or give it up.</param>
public sealed record Delivery(
    long Seq, string Key, string Channel, string Kind, string? Subject, string Payload, string? WakeKey, DateTimeOffset EnqueuedAtUtc,
    DateTimeOffset SinceUtc, int Attempts, long Fence);

/// <summary>Where a delivery stands.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Key">Key of the message.</param>
/// <param name="Channel">Name of the channel.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="EnqueuedAtUtc">When it was written.</param>
/// <param name="Attempts">Attempts begun.</param>
/// <param name="NextAttemptAtUtc">When it is tried again.</param>
/// <param name="LastError">Why the last attempt failed.</param>
/// <param name="DeliveredAtUtc">When it arrived.</param>
/// <param name="GivenUpAtUtc">When it was given up.</param>
public sealed record DeliveryView(
    long Seq, string Key, string Channel, string Kind, string? Subject, DateTimeOffset EnqueuedAtUtc, int Attempts, DateTimeOffset NextAttemptAtUtc,
    string? LastError, DateTimeOffset? DeliveredAtUtc, DateTimeOffset? GivenUpAtUtc)
{
    /// <summary><c>delivered, given_up, retrying</c> or <c>pending</c>.</summary>
    public string Status => DeliveredAtUtc is not null ? "delivered" : GivenUpAtUtc is not null ? "given_up" : LastError is not null ? "retrying" : "pending";
}

/// <summary>Where a message stands over all its channels.</summary>
/// <param name="Total">Channels it goes to; 0 while it waits to be routed or when nobody wants it.</param>
/// <param name="Delivered">Channels that have it.</param>
/// <param name="GivenUp">Channels on which it was given up.</param>
/// <param name="LastError">The newest failure.</param>
public sealed record Arrival(int Total, int Delivered, int GivenUp, string? LastError);
