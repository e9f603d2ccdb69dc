using Sigmatiq.Store.Errors;

namespace Sigmatiq.Trading.Outside;

/// <summary>The file with the settings, read again whenever it has changed.</summary>
/// <param name="path">The file; where there is none, nothing may be reached.</param>
public sealed class OutsideFile(string path)
{
    /// <summary>Variable of the environment that names the file.</summary>
    public const string Variable = "SIGMATIQ_OUTSIDE";

    /// <summary>Its name in the data directory.</summary>
    public const string DefaultName = "outside.yaml";

    private readonly Lock gate = new();
    private (DateTime Written, long Length) read;
    private OutsideSettings settings = OutsideSettings.Nothing;

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Whether somebody has said what may be reached.</summary>
    public bool IsThere => File.Exists(Path);

    /// <summary>What may be reached now.</summary>
    /// <exception cref="ProblemException">OUT-1001 to OUT-1003: the file is wrong; nothing may be reached until it is mended.</exception>
    public OutsideSettings Read()
    {
        lock (gate)
        {
            FileInfo file = new(Path);
            if (!file.Exists)
            {
                (read, settings) = (default, OutsideSettings.Nothing);
                return settings;
            }

            (DateTime, long) now = (file.LastWriteTimeUtc, file.Length);
            if (read != now)
            {
                settings = OutsideYaml.Parse(ReadText(), Path).Value;
                read = now;
            }

            return settings;
        }
    }

    private string ReadText()
    {
        try
        {
            return File.ReadAllText(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(OutsideCodes.BadSettings, $"The file cannot be read: {e.Message.ReplaceLineEndings(" ")}", Path, "Make it readable for the program."), e);
        }
    }
}
