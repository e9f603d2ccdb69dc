using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A workflow file by its name.</summary>
/// <param name="Id">Workflow id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">The file.</param>
public sealed record WorkflowFile(string Id, string Version, string Path)
{
    /// <summary><c>id@version</c>.</summary>
    public string Name => $"{Id}@{Version}";
}

/// <summary>The folder of workflow files, <c>{id}.{version}.yaml</c>.</summary>
/// <param name="folder">The folder; it need not exist.</param>
/// <param name="kinds">The step kinds that files can use.</param>
public sealed partial class WorkflowFolder(string folder, StepKinds kinds)
{
    /// <summary>The largest file that is taken for a workflow.</summary>
    public const int BytesMax = 4 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The files, by id and version, the newest version of an id first.</summary>
    public IReadOnlyList<WorkflowFile> List() => !Directory.Exists(folder) ? [] :
    [
        .. from path in Directory.EnumerateFiles(folder, "*.yaml")
           let name = System.IO.Path.GetFileNameWithoutExtension(path)
           let dot = name.IndexOf('.')
           where dot > 0
           let version = Version.TryParse(name[(dot + 1)..], out Version? parsed) ? parsed : null
           where version is not null
           orderby name[..dot], version descending
           select new WorkflowFile(name[..dot], name[(dot + 1)..], path),
    ];

    /// <summary>Reads and checks a workflow: the newest version where none is given.</summary>
    /// <exception cref="ProblemException">WFL-1012: there is no such file. WFL-1xxx: it is not a valid workflow, or not the one its name
    /// says.</exception>
    public WorkflowDefinition Load(string id, string? version = null)
    {
        WorkflowFile file = List().FirstOrDefault(f => f.Id == id && (version is null || f.Version == version))
            ?? throw new ProblemException(WorkflowCodes.UnknownWorkflow, $"There is no workflow '{id}{(version is null ? "" : "@" + version)}'.", folder,
                List().Where(f => f.Id == id).Select(f => f.Version).ToArray() is { Length: > 0 } versions ? $"Its versions: {string.Join(", ", versions)}." : "See 'sigmatiq workflows list'.", ExitCode.BadUsage);
        return Parse(file.Path, isListed: true).Value;
    }

    /// <summary>The cases that lie beside a workflow file, <c>tests/</c> and the same name; none where there is no such file.</summary>
    /// <exception cref="ProblemException">WFL-1001, WFL-1003, WFL-1005, WFL-1008, WFL-1011, with line and column: a case cannot be read, proves nothing, or
    /// names a step or an output that is not there.</exception>
    public static IReadOnlyList<WorkflowTest> TestsBeside(string path, WorkflowDefinition workflow, StepKinds kinds)
    {
        string file = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, WorkflowTestYaml.Folder, System.IO.Path.GetFileName(path));
        return File.Exists(file) ? WorkflowTestYaml.Parse(File.ReadAllText(file), file, workflow, kinds).Value : [];
    }

    // A workflow that a step of another one names: one that is not there, or broken, is said where it is run.
    private WorkflowDefinition? Other(string id, string? version)
    {
        try
        {
            return List().FirstOrDefault(f => f.Id == id && (version is null || f.Version == version)) is { } file && WorkflowYaml.Parse(TextOf(file.Path), file.Path, kinds) is { IsOk: true } parsed
                ? parsed.Value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Reads and checks one of its files; one that cannot be read is refused like one that is not valid.</summary>
    public ParseResult<WorkflowDefinition> Read(WorkflowFile file)
    {
        try
        {
            return Parse(file.Path, isListed: true);
        }
        catch (ProblemException e)
        {
            return ParseResult<WorkflowDefinition>.Refused(e.All);
        }
    }

    /// <summary>Whether a file that may well be broken says a schedule: <c>schedule:</c> with something behind it or indented below it.</summary>
    public static bool SaysSchedule(WorkflowFile file)
    {
        try
        {
            return Scheduled().IsMatch(TextOf(file.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Writes a new version into the folder under its name, aside first; the same text again changes nothing, and no other is ever overwritten.</summary>
    /// <exception cref="ProblemException">WFL-1014: there is a file of this version. WFL-1015: the folder cannot be written.</exception>
    public WorkflowFile Save(WorkflowDefinition workflow)
    {
        string path = System.IO.Path.Combine(folder, $"{workflow.Id}.{workflow.Version}.yaml");
        try
        {
            AtomicFile.WriteOnce(path, Utf8.GetBytes(workflow.Text));
            return new(workflow.Id, workflow.Version, path);
        }
        catch (ProblemException e) when (e.Problem.Code == "STO-1001")
        {
            throw new ProblemException(new Problem(WorkflowCodes.VersionTaken, $"There is a file of {workflow.Id} {workflow.Version} already.", path, "Look at what it says, and save under another version.", ExitCode.BadUsage), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(WorkflowCodes.CannotSave, $"The folder of workflows cannot be written: {e.Message}", folder, "Let the server write there, or name another folder in SIGMATIQ_WORKFLOWS.", ExitCode.Error), e);
        }
    }

    /// <summary>The text of one of its files, whether it is a valid workflow or not; null where it cannot be read.</summary>
    public static string? TextIn(WorkflowFile file)
    {
        try
        {
            return TextOf(file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Files of the folder that nothing finds, since their names do not say which workflow and version they hold.</summary>
    public IReadOnlyList<string> Strays() => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder).Where(p => System.IO.Path.GetExtension(p) is ".yaml" or ".yml").Except(List().Select(f => f.Path), StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads and checks any file; one of this folder must hold the workflow that its name says, since it is found by its name.</summary>
    /// <exception cref="ProblemException">WFL-1012: the file cannot be read.</exception>
    public ParseResult<WorkflowDefinition> Parse(string path) => Parse(path, isListed: false);

    private ParseResult<WorkflowDefinition> Parse(string path, bool isListed)
    {
        try
        {
            string text = isListed ? TextOf(path) : File.ReadAllText(path, Utf8);
            ParseResult<WorkflowDefinition> parsed = ParseText(text, path);
            return parsed.IsOk && Misnamed(path, text, parsed.Value) is { } misnamed ? ParseResult<WorkflowDefinition>.Refused(misnamed) : parsed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(WorkflowCodes.UnknownWorkflow, $"The file cannot be read: {e.Message}", path, isListed ? "Mend it or take it away." : "Give the path of a workflow file.", ExitCode.BadUsage), e);
        }
        catch (DecoderFallbackException e)
        {
            return ParseResult<WorkflowDefinition>.Refused(new Problem(WorkflowCodes.Structure, $"The file is no text in UTF-8: {e.Message}", path, "Save it as UTF-8.", ExitCode.BadUsage));
        }
    }

    // What lies in the folder is read unasked, every few seconds: a pipe or a device, which has no length, would be waited for without end.
    private static string TextOf(string path)
    {
        long bytes = ((FileInfo?)File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)).Length;
        return bytes == 0 ? ""
            : bytes <= BytesMax ? File.ReadAllText(path, Utf8)
            : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"it has {bytes} bytes, and a workflow has at most {BytesMax}."));
    }

    /// <summary>Reads and checks a text that need not be a file; steps may run the workflows of this folder.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What it is called in messages.</param>
    public ParseResult<WorkflowDefinition> ParseText(string text, string name)
    {
        Dictionary<(string, string?), WorkflowDefinition?> others = [];
        return WorkflowYaml.Parse(text, name, kinds, (id, version) =>
            others.TryGetValue((id, version), out WorkflowDefinition? other) ? other : others[(id, version)] = Other(id, version));
    }

    private Problem? Misnamed(string path, string text, WorkflowDefinition workflow)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (List().FirstOrDefault(f => System.IO.Path.GetFullPath(f.Path) == full) is not { } file)
        {
            return System.IO.Path.GetDirectoryName(full) != System.IO.Path.GetFullPath(folder) ? null
                : new(WorkflowCodes.BadValue, "The file's name does not say which workflow it holds: nothing finds it.", path, $"Name it {workflow.Id}.{workflow.Version}.yaml.", ExitCode.BadUsage);
        }

        if (file.Id == workflow.Id && file.Version == workflow.Version)
        {
            return null;
        }

        YamlMap root = (YamlMap)YamlText.Parse(text, path, WorkflowCodes.Structure).Value;
        return new(WorkflowCodes.BadValue, $"The file holds {workflow.Id} {workflow.Version}, and its name says {file.Id} {file.Version}: nothing finds it.",
            root.Find(file.Id == workflow.Id ? "version" : "workflow")!.Value.Place.ToString(), $"Name it {workflow.Id}.{workflow.Version}.yaml, or correct what it says.", ExitCode.BadUsage);
    }

    [GeneratedRegex(@"^schedule:[ \t]*(?:[^#\s]|(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#])", RegexOptions.Multiline)]
    private static partial Regex Scheduled();
}
