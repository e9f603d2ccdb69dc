namespace Sigmatiq.Learning.Checkpoints;

/// <summary>What a training keeps as it goes, so that one that was killed goes on behind its last finished step (spec 03 §3.8).</summary>
public interface ICheckpoints
{
    /// <summary>What was kept under a name; null where nothing was, or where it cannot be believed.</summary>
    T? Find<T>(string name) where T : class;

    /// <summary>Keeps a state under a name. Once this returns, a kill cannot lose it.</summary>
    void Keep<T>(string name, T state) where T : class;
}

/// <summary>Keeps nothing: a training in memory, which begins anew.</summary>
public sealed class NoCheckpoints : ICheckpoints
{
    /// <inheritdoc/>
    public T? Find<T>(string name) where T : class => null;

    /// <inheritdoc/>
    public void Keep<T>(string name, T state) where T : class { }
}
