using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>Which features another needs, deepest first. Walked with a stack of its own and by tokens alone, so that neither a long chain of
/// features nor what they say can exhaust the program's.</summary>
internal static class FeatureOrder
{
    /// <summary>Everything <paramref name="id"/> needs, each after what it needs itself, <paramref name="id"/> last.</summary>
    /// <param name="features">Calculations by id.</param>
    /// <param name="id">The feature.</param>
    /// <param name="circle">Where features need one another in a circle: it, with its first named again at its end; else empty.</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, PackFeature> features, string id, out IReadOnlyList<string> circle)
    {
        List<string> order = [], path = [];
        HashSet<string> done = new(StringComparer.Ordinal), onPath = new(StringComparer.Ordinal);
        Stack<Queue<string>> open = new();
        circle = [];
        Enter(id);
        while (open.TryPeek(out Queue<string>? needs))
        {
            if (needs.TryDequeue(out string? next))
            {
                if (onPath.Contains(next))
                {
                    circle = [.. path.SkipWhile(p => p != next), next];
                    return [];
                }

                if (!done.Contains(next))
                {
                    Enter(next);
                }
            }
            else
            {
                open.Pop();
                string finished = path[^1];
                path.RemoveAt(path.Count - 1);
                onPath.Remove(finished);
                done.Add(finished);
                order.Add(finished);
            }
        }

        return order;

        void Enter(string feature)
        {
            path.Add(feature);
            onPath.Add(feature);
            open.Push(new(NamesIn(features[feature].Calculation).Where(features.ContainsKey)));
        }
    }

    // A calculation that is no expression needs nothing; compiling it says what is wrong.
    private static IEnumerable<string> NamesIn(string calculation)
    {
        try
        {
            return RuleLexer.Read(calculation).Where(t => t.Kind == TokenKind.Name).Select(t => t.Text).Distinct(StringComparer.Ordinal);
        }
        catch (ProblemException)
        {
            return [];
        }
    }
}
