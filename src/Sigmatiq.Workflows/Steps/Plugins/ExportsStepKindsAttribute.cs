namespace Sigmatiq.Workflows.Steps.Plugins;

/// <summary>Says which step kinds a plug-in assembly gives: <c>[assembly: ExportsStepKinds(typeof(MyStep))]</c>. A kind's constructor takes nothing,
/// a <see cref="Store.DataDirectory"/>, a <see cref="TimeProvider"/>, or both.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ExportsStepKindsAttribute(params Type[] kinds) : Attribute
{
    /// <summary>The kinds.</summary>
    public IReadOnlyList<Type> Kinds { get; } = kinds;
}
