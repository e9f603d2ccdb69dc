using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>What may be written about users and keys. Names come from people and are shown to others: nothing in them acts on a terminal or page,
/// turns the direction of what follows, or cannot be seen.</summary>
public static partial class AccountWords
{
    /// <summary>Longest name, in UTF-16 characters.</summary>
    public const int NameLengthMax = 100;

    /// <summary>Longest reason, in UTF-16 characters.</summary>
    public const int ReasonLengthMax = 500;

    /// <summary>The id of a user.</summary>
    /// <exception cref="ProblemException">USR-1002.</exception>
    public static string Id(string? text) => text is not null && IdForm().IsMatch(text) ? text
        : throw new ProblemException("USR-1002", $"'{text}' is no id of a user.", "id", "Use 1 to 40 of a to z, 0 to 9, '.', '_' and '-', beginning with a letter.", ExitCode.BadUsage);

    /// <summary>The name of a user, as it is shown.</summary>
    /// <exception cref="ProblemException">USR-1002.</exception>
    public static string Name(string? text, string where = "name") => Shown(text, NameLengthMax)
        ?? throw new ProblemException("USR-1002", $"'{text}' cannot be a name.", where, $"Use 1 to {NameLengthMax} characters that can be seen, without control or direction characters.", ExitCode.BadUsage);

    /// <summary>Why something was decided.</summary>
    /// <exception cref="ProblemException">USR-1003.</exception>
    public static string Reason(string? text) => Shown(text, ReasonLengthMax)
        ?? throw new ProblemException("USR-1003", "A decision about users and keys needs a reason.", "reason",
            $"Say why in 1 to {ReasonLengthMax} characters, without control or direction characters; it is kept.", ExitCode.BadUsage);

    /// <summary>A role.</summary>
    /// <exception cref="ProblemException">USR-1005.</exception>
    public static string Role(string? text) => Roles.All.FirstOrDefault(r => r == text)
        ?? throw new ProblemException("USR-1005", $"'{text}' is no role.", "role", $"Use one of: {string.Join(", ", Roles.All)}.", ExitCode.BadUsage);

    /// <summary>A plan of spec 02 §2.4.</summary>
    /// <exception cref="ProblemException">USR-1006.</exception>
    public static string Plan(string? text) => EnumWords<Plan>.Words.Keys.FirstOrDefault(p => p == text)
        ?? throw new ProblemException("USR-1006", $"'{text}' is no plan.", "plan", $"Use one of: {string.Join(", ", EnumWords<Plan>.Words.Keys)}.", ExitCode.BadUsage);

    private static string? Shown(string? text, int lengthMax)
    {
        string? trimmed = text?.Trim();
        return trimmed is { Length: > 0 } && trimmed.Length <= lengthMax && IsPlain(trimmed) ? trimmed : null;
    }

    private static bool IsPlain(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int taken) != System.Buffers.OperationStatus.Done
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
            {
                return false;
            }

            i += taken;
        }

        return true;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}
