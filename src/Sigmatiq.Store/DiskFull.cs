using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store;

/// <summary>The one refusal that is nobody's fault and passes: there is no room on the disk.</summary>
public static class DiskFull
{
    /// <summary>Its code, whichever writer met it.</summary>
    public const string Code = "STO-1020";

    // No space left, quota exceeded, file too large for its limit; on Windows a full disk and a full handle.
    private const int NoSpace = 28, OverQuota = 122, TooLarge = 27, WindowsFull = 112, WindowsHandleFull = 39;

    /// <summary>Whether an exception, or what caused it, says that a disk is full.</summary>
    public static bool Is(Exception? e) => e switch
    {
        null => false,
        ProblemException { Problem.Code: Code } => true,
        IOException io when IsFull(io.HResult & 0xFFFF) => true,
        AggregateException many => many.InnerExceptions.Any(Is),
        _ => Is(e.InnerException),
    };

    /// <summary>Whether a library's message says so.</summary>
    public static bool IsSaidBy(string message) =>
        message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase) || message.Contains("Disk quota exceeded", StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal.</summary>
    /// <param name="where">What could not be written.</param>
    /// <param name="why">In the words of whoever refused; null where there are none.</param>
    public static Problem Problem(string? where, string? why = null) => new(Code, $"The disk is full{(why is null ? "" : $": {why.ReplaceLineEndings(" ").TrimEnd('.')}")}.", where,
        "Make room; nothing that was written is lost, and runs go on by themselves.");

    /// <summary>The refusal as an exception; one that carries it already is given back as it is.</summary>
    public static ProblemException Refusal(Exception e, string? where) => e is ProblemException { Problem.Code: Code } told ? told : new(Problem(where, e.Message), e);

    private static bool IsFull(int error) => OperatingSystem.IsWindows() ? error is WindowsFull or WindowsHandleFull : error is NoSpace or OverQuota or TooLarge;
}
