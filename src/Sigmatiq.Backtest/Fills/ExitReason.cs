namespace Sigmatiq.Backtest.Fills;

/// <summary>Why a position ended.</summary>
public enum ExitReason : byte
{
    /// <summary>An exit rule, decided on a close, filled at the next open.</summary>
    Signal,

    /// <summary>The fixed stop below the entry.</summary>
    Stop,

    /// <summary>The stop that follows the best price.</summary>
    Trail,

    /// <summary>The profit target.</summary>
    Target,

    /// <summary>The close of the last allowed trading day.</summary>
    TimeStop,

    /// <summary>Closed at the last close, because the data end.</summary>
    EndOfData,

    /// <summary>Not closed: the data end and the options say to list it as open.</summary>
    Open,
}

/// <summary>The words of files and screens for <see cref="ExitReason"/>.</summary>
public static class ExitReasons
{
    private static readonly string[] Words = ["signal", "stop", "trail", "target", "time_stop", "end_of_data", "open"];

    /// <summary><c>signal</c>, <c>stop</c>, <c>trail</c>, <c>target</c>, <c>time_stop</c>, <c>end_of_data</c> or <c>open</c>.</summary>
    public static string Text(this ExitReason reason) => Words[(int)reason];

    /// <summary>The reason of a word written by <see cref="Text"/>.</summary>
    /// <exception cref="FormatException">The word is something else.</exception>
    public static ExitReason Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var at
        ? (ExitReason)at
        : throw new FormatException($"An exit reason is one of {string.Join(", ", Words)}, was '{word}'.");
}
