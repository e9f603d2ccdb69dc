using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>An expression of a workflow file, parsed: the closed language of 01 §1.8 over <c>params</c>, <c>steps.*.outputs</c>,
/// <c>run</c> and the item of <c>for_each</c>. No functions of the host, no side effects.</summary>
/// <param name="Position">Offset of its first character in the expression's text, from 0.</param>
public abstract record Expression(int Position)
{
    /// <summary>A number, text, truth or null, as written.</summary>
    public sealed record Literal(int Position, JsonValue? Value) : Expression(Position);

    /// <summary>A dotted name such as <c>steps.align.outputs.snapshot</c>.</summary>
    public sealed record Reference(int Position, IReadOnlyList<string> Path) : Expression(Position)
    {
        /// <summary>As written.</summary>
        public string Text => string.Join('.', Path);
    }

    /// <summary>The first <paramref name="Count"/> items of a list: <c>steps.sweep.outputs.best(params.select)</c>.</summary>
    public sealed record Take(int Position, Expression List, Expression Count) : Expression(Position);

    /// <summary>One item of a list, from 0: <c>steps.train.outputs[0]</c>.</summary>
    public sealed record Item(int Position, Expression List, Expression Index) : Expression(Position);

    /// <summary>A field of a value that is not a plain reference: <c>steps.train.outputs[0].model</c>.</summary>
    public sealed record Field(int Position, Expression Of, string Name) : Expression(Position);

    /// <summary><c>NOT x</c> or <c>-x</c>.</summary>
    public sealed record Unary(int Position, string Operator, Expression Operand) : Expression(Position);

    /// <summary>Two operands and an operator: <c>OR AND == != &lt; &lt;= &gt; &gt;= + - * /</c>.</summary>
    public sealed record Binary(int Position, string Operator, Expression Left, Expression Right) : Expression(Position);

    /// <summary>Every reference in the expression, from left to right.</summary>
    public IEnumerable<Reference> References() => this switch
    {
        Reference reference => [reference],
        Take take => take.List.References().Concat(take.Count.References()),
        Item item => item.List.References().Concat(item.Index.References()),
        Field field => field.Of.References(),
        Unary unary => unary.Operand.References(),
        Binary binary => binary.Left.References().Concat(binary.Right.References()),
        _ => [],
    };
}
