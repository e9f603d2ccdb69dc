using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Symbols;

/// <summary>A ticker as the product knows it: 1 to 20 of A–Z, 0–9, dot, dash, underscore; upper case.</summary>
/// <remarks>Symbols of the simulator end in <c>.SYN</c>, so that no screen can show one without calling it synthetic.</remarks>
public readonly record struct Symbol
{
    private readonly string? value;

    private Symbol(string value) => this.value = value;

    /// <summary>The ticker.</summary>
    public string Value => value ?? throw new InvalidOperationException("An empty Symbol has no value.");

    /// <summary>Whether the simulator made it.</summary>
    public bool IsSynthetic => Value.EndsWith(".SYN", StringComparison.Ordinal);

    /// <summary>Reads a ticker; lower case is raised.</summary>
    /// <exception cref="ProblemException">MKT-1001: not a ticker.</exception>
    public static Symbol Parse(string text) => TryParse(text, out Symbol symbol) ? symbol
        : throw new ProblemException("MKT-1001", $"'{text}' is not a ticker.", "symbol", "Use 1 to 20 letters, digits, dots, dashes or underscores, e.g. SPY or BRK.B.", ExitCode.BadUsage);

    /// <summary>Reads a ticker; lower case is raised.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out Symbol symbol)
    {
        string upper = text.Trim().ToUpperInvariant();
        bool valid = upper.Length is >= 1 and <= 20 && upper.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_')
            && upper[0] is not ('.' or '-' or '_') && !upper.Contains("..", StringComparison.Ordinal);
        symbol = valid ? new(upper) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
