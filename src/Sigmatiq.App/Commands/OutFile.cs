using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>The file that an option names for a result. Made before the work begins, so that a file that must not be written costs no work
/// and loses nothing.</summary>
internal sealed class OutFile
{
    private readonly string real;

    private OutFile(string path)
    {
        Path = path;
        real = FileIdentity.RealPath(path);
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The path from the root.</summary>
    public string FullPath => System.IO.Path.GetFullPath(Path);

    /// <summary>The file that the command line names, or null where it names none.</summary>
    /// <exception cref="ProblemException">APP-1006: it cannot be written, for one since its folder is missing. APP-1021: the command reads
    /// it. APP-1022: it may only be read. APP-1023: it is the store's.</exception>
    public static OutFile? Of(ParseResult parse, CommandContext context, Option<string?> option)
    {
        if (parse.GetValue(option) is not { } path)
        {
            return null;
        }

        try
        {
            var file = new OutFile(path);
            file.Check(parse, context, option);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unwritable(path, e.Message, e);
        }
    }

    /// <summary>The file that a command line must name.</summary>
    /// <inheritdoc cref="Of"/>
    public static OutFile Required(ParseResult parse, CommandContext context, Option<string?> option) => Of(parse, context, option)!;

    /// <summary>Writes the file as a whole or not at all; one of that name is replaced.</summary>
    /// <exception cref="ProblemException">APP-1006: the file cannot be written.</exception>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string)"/>
    public void Write(byte[] bytes)
    {
        try
        {
            AtomicFile.Write(real, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unwritable(Path, e.Message, e);
        }
    }

    private void Check(ParseResult parse, CommandContext context, Option<string?> option)
    {
        string folder = System.IO.Path.GetDirectoryName(real) ?? real;
        if (!Directory.Exists(folder))
        {
            throw new ProblemException("APP-1006", $"The file cannot be written: there is no folder '{folder}'.", Path,
                "Make the folder first, or name a file in one that is there.", ExitCode.BadUsage);
        }

        if (Directory.Exists(real))
        {
            throw Unwritable(Path, "it is a folder", null);
        }

        if (!File.Exists(real))
        {
            return;
        }

        if (Given(parse, option).FirstOrDefault(i => File.Exists(i) ? FileIdentity.AreOne(i, real) : Directory.Exists(i) && FileIdentity.IsIn(real, i)) is { } input)
        {
            throw new ProblemException("APP-1021", $"{option.Name} would replace what the command reads: '{Path}' {(File.Exists(input) ? "is" : "lies in")} '{input}'.", Path,
                "Name another file for the result.", ExitCode.BadUsage);
        }

        if (IsOfStore(context.DataFolder))
        {
            throw new ProblemException("APP-1023", $"{option.Name} would replace a file of the store.", Path, "Name a file outside the data directory.", ExitCode.BadUsage);
        }

        // Anything else that has a name, such as /dev/null, would be replaced by a file.
        if (FileIdentity.IsDevice(real))
        {
            throw Unwritable(Path, "it is a device", null);
        }

        // A rename asks for the folder's permission alone, and would replace what its owner has closed.
        if (File.GetAttributes(real).HasFlag(FileAttributes.ReadOnly))
        {
            throw new ProblemException("APP-1022", "The file may only be read, so it is not replaced.", Path,
                "Name another file, or allow writing to this one (chmod u+w).", ExitCode.BadUsage);
        }
    }

    // Every word of the command line that may name a file, however the option or argument is called.
    private static IEnumerable<string> Given(ParseResult parse, Option option)
    {
        for (SymbolResult? at = parse.CommandResult; at is CommandResult command; at = at.Parent)
        {
            foreach (SymbolResult child in command.Children.Where(c => c is ArgumentResult || (c is OptionResult o && o.Option != option && o.Option.Name != "--data")))
            {
                foreach (Token token in child.Tokens.Where(t => t.Value.Length > 0))
                {
                    yield return token.Value.StartsWith("sqlite:", StringComparison.Ordinal) ? token.Value["sqlite:".Length..] : token.Value;
                }
            }
        }
    }

    private bool IsOfStore(string data) => Directory.Exists(data) && FileIdentity.IsIn(real, data)
        && (System.IO.Path.GetDirectoryName(real) != FileIdentity.RealPath(data) || System.IO.Path.GetFileName(real).Contains(".db", StringComparison.Ordinal));

    private static ProblemException Unwritable(string path, string why, Exception? cause)
    {
        Problem problem = new("APP-1006", $"The file cannot be written: {why.TrimEnd('.')}.", path, "Name a file in a folder that may be written to.", ExitCode.BadUsage);
        return cause is null ? new(problem) : new(problem, cause);
    }
}
