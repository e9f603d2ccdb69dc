namespace Sigmatiq.Learning;

/// <summary>One of the five steps of a training and how far it is (spec 03 §3.8).</summary>
/// <param name="Step">One of <see cref="TrainingSteps.All"/>.</param>
/// <param name="Status"><c>pending</c>, <c>in_progress</c>, <c>complete</c> or <c>failed</c>.</param>
/// <param name="Duration">Seconds: elapsed while in progress, null while pending.</param>
public sealed record TrainingProgress(string Step, string Status, double? Duration);

/// <summary>The steps of a training, in order.</summary>
public static class TrainingSteps
{
    /// <summary><c>data_preparation</c> … <c>calibration</c>.</summary>
    public static IReadOnlyList<string> All { get; } = ["data_preparation", "feature_engineering", "model_training", "validation", "calibration"];
}

/// <summary>Keeps the five steps' state and tells whoever listens.</summary>
internal sealed class ProgressBoard(TimeProvider clock, Action<IReadOnlyList<TrainingProgress>> onProgress)
{
    private readonly TrainingProgress[] steps = [.. TrainingSteps.All.Select(s => new TrainingProgress(s, "pending", null))];

    /// <summary>Runs one step; its failure is shown before it goes on to the caller.</summary>
    public T Run<T>(string step, Func<T> work)
    {
        int at = TrainingSteps.All.ToList().IndexOf(step);
        long started = clock.GetTimestamp();
        Set(at, "in_progress", 0);
        try
        {
            T result = work();
            Set(at, "complete", clock.GetElapsedTime(started).TotalSeconds);
            return result;
        }
        catch
        {
            Set(at, "failed", clock.GetElapsedTime(started).TotalSeconds);
            throw;
        }
    }

    private void Set(int at, string status, double seconds)
    {
        steps[at] = steps[at] with { Status = status, Duration = seconds };
        onProgress([.. steps]);
    }
}
