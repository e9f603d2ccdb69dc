namespace Sigmatiq.Packs.Rules;

/// <summary>Type of an expression.</summary>
public enum RuleType
{
    /// <summary>A number; undefined is NaN.</summary>
    Number,

    /// <summary>True, false or undefined: 1, 0 or NaN in columns.</summary>
    Bool,
}

/// <summary>Operators with two sides.</summary>
public enum RuleOperator { Or, And, Greater, Less, GreaterOrEqual, LessOrEqual, Equal, NotEqual, Add, Subtract, Multiply, Divide }

/// <summary>One node of a parsed expression (spec 01 §1.8).</summary>
/// <param name="Position">Where it stands in the text; the first character is 1.</param>
public abstract record RuleExpr(int Position);

/// <summary>A number.</summary>
public sealed record NumberExpr(int Position, double Value) : RuleExpr(Position);

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record FlagExpr(int Position, bool Value) : RuleExpr(Position);

/// <summary>A name, <paramref name="Back"/> periods ago; 0 is now.</summary>
public sealed record NameExpr(int Position, string Name, int Back = 0) : RuleExpr(Position);

/// <summary>A call of a listed function.</summary>
public sealed record CallExpr(int Position, string Function, IReadOnlyList<RuleExpr> Arguments) : RuleExpr(Position)
{
    /// <inheritdoc/>
    public bool Equals(CallExpr? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Function, Arguments.Count);
}

/// <summary>A leading minus.</summary>
public sealed record NegateExpr(int Position, RuleExpr Operand) : RuleExpr(Position);

/// <summary>NOT.</summary>
public sealed record NotExpr(int Position, RuleExpr Operand) : RuleExpr(Position);

/// <summary>Two sides with an operator between them; the position is the operator's.</summary>
public sealed record BinaryExpr(int Position, RuleOperator Operator, RuleExpr Left, RuleExpr Right) : RuleExpr(Position);

/// <summary><c>x increasing(n)</c>: strictly higher (or lower) on each of the last n steps.</summary>
public sealed record TrendExpr(int Position, RuleExpr Operand, bool IsIncreasing, int Steps) : RuleExpr(Position);
