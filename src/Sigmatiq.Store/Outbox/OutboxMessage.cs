namespace Sigmatiq.Store.Outbox;

/// <summary>A message that has left its transaction and waits to reach somebody.</summary>
/// <param name="Seq">Order of enqueueing.</param>
/// <param name="Key">Makes it one message however often it is sent; the receiver may use it again for the same purpose.</param>
/// <param name="Kind">What it is, e.g. <c>alert.email</c>.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Attempts">Deliveries begun, this one included.</param>
public sealed record OutboxMessage(long Seq, string Key, string Kind, string Payload, int Attempts);
