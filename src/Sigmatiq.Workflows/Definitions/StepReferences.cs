using System.Text.RegularExpressions;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Finds in texts where expressions refer to a step.</summary>
internal static class StepReferences
{
    /// <summary>The text with every reference to a step under its new name; what is no expression, or cannot be read as one, stays.</summary>
    public static string RenamedIn(string text, bool isExpression, string name, string newName)
    {
        if (isExpression)
        {
            return InExpression(text, name, newName);
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                i++;
            }
            else if (text[i] == '{' && Template.EndOf(text, i + 1) is > 0 and var end)
            {
                string renamed = InExpression(text[(i + 1)..end], name, newName);
                text = text[..(i + 1)] + renamed + text[end..];
                i += renamed.Length + 1;
            }
        }

        return text;
    }

    private static string InExpression(string text, string name, string newName)
    {
        if (ExpressionParser.Parse(text).Expression is not { } expression)
        {
            return text;
        }

        // From the right, so that the places on the left stay true.
        foreach (Expression.Reference reference in expression.References().Where(r => r.Path is ["steps", var step, ..] && step == name).OrderByDescending(r => r.Position))
        {
            Match match = Regex.Match(text[reference.Position..], $@"^(steps\s*\.\s*){Regex.Escape(name)}\b");
            text = match.Success ? text[..reference.Position] + match.Groups[1].Value + newName + text[(reference.Position + match.Length)..] : text;
        }

        return text;
    }
}
