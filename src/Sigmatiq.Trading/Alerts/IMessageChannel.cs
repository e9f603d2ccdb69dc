using Sigmatiq.Store.Outbox;

namespace Sigmatiq.Trading.Alerts;

/// <summary>A way out. It may get the same delivery again, after a failure or a crash, and sends it then under the same key.</summary>
public interface IMessageChannel : IDisposable
{
    /// <summary>Sends one message; returning means that the receiver has it.</summary>
    /// <exception cref="DeliveryException">It has not, as far as can be known.</exception>
    Task SendAsync(Delivery delivery, CancellationToken ct);
}

/// <summary>A message did not arrive, or nobody can say whether it did.</summary>
/// <param name="message">Why, without any secret.</param>
/// <param name="after">When the receiver wants to be asked again; null leaves it to us.</param>
/// <param name="inner">What happened.</param>
public sealed class DeliveryException(string message, TimeSpan? after = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When the receiver wants to be asked again; null leaves it to us.</summary>
    public TimeSpan? After { get; } = after;
}
