using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Api;

/// <summary><c>/packs</c> (spec 01 §1.13): what packs hold, and what is wrong with one, as <c>sigmatiq packs list / show / lint / publish / schema</c> say it.</summary>
internal sealed class PacksApi(PackLibrary packs, PublishedPacks published, ModelStore models, IRowStore rows)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/packs", () => new Answer<IReadOnlyList<PackListed>>(packs.List().Select(p => Listed(packs.Load($"{p.Id}@{p.Version}"))).ToArray()))
            .Operation("listPacks", "packs", "Lists packs and versions").Needs(Right.Read);
        routes.MapGet("/packs/{id}", ShowAsync).Operation("getPack", "packs", "A pack by id, or in one version by id@version, with its content").Needs(Right.Read);
        routes.MapGet("/packs/{id}/versions", Versions).Operation("listPackVersions", "packs", "The versions of a pack, oldest first").Needs(Right.Read);
        routes.MapGet("/packs/{id}/document", DocumentAsync)
            .Operation("getPackDocument", "packs", "A pack as a document: rules as sentences, gates with units, parameters with bounds").Needs(Right.Read);
        routes.MapGet("/packs/{id}/files", (string id) => new Answer<PackTexts>(Texts(id))).Operation("getPackFiles", "packs", "The texts of a pack's files").Needs(Right.Read);
        routes.MapGet("/packs/{id}/diff/{other}", (string id, string other) => new Answer<PackCompared>(Compare(id, other)))
            .Operation("diffPacks", "packs", "What differs between two packs, value by value").Needs(Right.Read);
        routes.MapPost("/packs/{id}/publish", PublishAsync)
            .Operation("publishPack", "packs", "Publishes a pack version that has no error; from then on its content cannot change", "It is linted and backtested first, which takes seconds.")
            .Body<PackPublishing>(required: false).Needs(Right.Operate);
        routes.MapGet("/packs/{id}/lint", LintAsync).Operation("lintPack", "packs", "What is wrong with a pack, without the sanity backtest").Needs(Right.Read);
        routes.MapPost("/packs/validate", ValidateAsync)
            .Operation("validatePack", "packs", "Says all that is wrong with the texts of a pack; changes nothing", "A pack that is not valid is an answer, not a refusal.").Body<PackTexts>().Needs(Right.Plan);
        routes.MapGet("/pack-schema/{file}", Schema)
            .Operation("getPackSchema", "packs", "The JSON Schema of a file of a pack").Takes("file", "The file.", [.. PackFolder.FileNames]).Needs(Right.Read);
    }

    private async Task<Answer<PackShown>> ShowAsync(string id, CancellationToken ct)
    {
        Pack pack = packs.Load(id);
        PackListed listed = Listed(pack);
        return new(new PackShown(
            listed.Id, listed.PackId, listed.Version, listed.Name, listed.Description, listed.Author, listed.Hash, listed.Strategies, pack.Content.DeepClone().AsObject(),
            await published.HashAsync(pack.Id, pack.Version, ct) is not null));
    }

    private Answer<IReadOnlyList<string>> Versions(string id)
    {
        packs.Resolve(id);
        return new(packs.Versions(id).Select(v => v.ToString()));
    }

    private async Task<Answer<PackDocument>> DocumentAsync(string id, CancellationToken ct)
    {
        Pack pack = packs.Load(id);
        IReadOnlyList<Publication> publications = await published.OfAsync(pack.Id, ct);
        ModelRecord[] made = [.. (await models.ListAsync(ct)).Where(m => m.PackId == pack.Id)];
        PackPublication? Of(string version) => publications.FirstOrDefault(p => p.Version == version) is { } p ? new(p.PublishedBy, p.PublishedAtUtc) : null;
        PackVersionListed Version(PackVersion version)
        {
            ParseResult<Pack> parsed = PackFolder.Load(packs.FolderOf(pack.Id, version));
            return new(version.ToString(), parsed.IsOk ? parsed.Value.Hash.Hex : null, Of(version.ToString()), made.Count(m => m.PackVersion == version.ToString()), packs.IsUsable(pack.Id, version));
        }

        IReadOnlyList<ModelRecord> ofThis = await ModelStandings.OfAsync(rows, [.. made.Where(m => m.PackVersion == pack.Version.ToString()).Reverse()], ct);
        return new(new PackDocument(
            Listed(pack), PackReader.Character(pack), Of(pack.Version.ToString()), PackReader.Strategies(pack), PackReader.Indicators(pack), PackReader.Features(pack), PackReader.Gates(pack.Gates),
            [.. PolicySentences.Of(pack.Policies).Select(p => new PackPolicyRead(p.Block, p.Key, p.Sentence))], PackReader.Parameters(pack),
            [.. packs.Versions(pack.Id).Reverse().Select(Version)], [.. ofThis.Select(m => new PackModelListed(m.Id, m.Name, m.Status, m.NextStep))]));
    }

    private PackTexts Texts(string id)
    {
        var (pack, version) = packs.Resolve(id);
        string folder = packs.FolderOf(pack, version);
        return new(PackFolder.FileNames.Where(f => File.Exists(Path.Combine(folder, f))).ToDictionary(f => f, f => File.ReadAllText(Path.Combine(folder, f)), StringComparer.Ordinal));
    }

    // The other may be a version alone, of the same pack.
    private PackCompared Compare(string id, string other)
    {
        Pack before = packs.Load(id), after = packs.Load(PackVersion.TryParse(other, out _) ? $"{before.Id}@{other}" : other);
        IReadOnlyList<PackChange> changes = PackDiff.Of(before, after);
        return new(before.Reference, after.Reference, changes.Count == 0, [.. changes.Select(c => new PackValueChanged(c.File, c.Path, c.Before, c.After))]);
    }

    private async Task<Made<PackPublished>> PublishAsync(HttpContext context, string id, CancellationToken ct)
    {
        if (context.Request.HasJsonContentType())
        {
            await Bodies.ObjectAsync(context.Request, [], ct);
        }

        Pack pack = packs.Load(id);
        string folder = $"{pack.Id}/{pack.Version}";
        IReadOnlyList<LintFinding> warnings = PublishLint.Pass(pack, await published.HashAsync(pack.Id, pack.Version, ct), isOfficial: true, folder, ct);
        bool isNew = await published.PublishAsync(pack, context.Caller().Person.Id, ct);
        return new(new PackPublished(pack.Reference, pack.Hash.Hex, true, isNew, [.. warnings.Select(PackReader.Finding)]), isNew);
    }

    private async Task<Answer<PackLinted>> LintAsync(string id, CancellationToken ct)
    {
        var (pack, version) = packs.Resolve(id);
        ParseResult<Pack> parsed = PackFolder.Load(packs.FolderOf(pack, version));
        return new(await LintedAsync(parsed, ct));
    }

    private async Task<Answer<PackLinted>> ValidateAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["files"], ct);
        if (body["files"] is not JsonObject files || files.Any(f => f.Value is not JsonValue value || !value.TryGetValue(out string? _)))
        {
            throw new ProblemException("APP-2025", "A pack is sent as the texts of its files.", "files", $"Send {{\"files\": {{\"pack.yaml\": \"...\"}}}} with {string.Join(", ", PackFolder.FileNames)}.", ExitCode.BadUsage);
        }

        return files.FirstOrDefault(f => !PackFolder.FileNames.Contains(f.Key)).Key is { } other
            ? throw new ProblemException("APP-2025", $"A pack has no file '{other}'.", $"files.{other}", $"Use {string.Join(", ", PackFolder.FileNames)}.", ExitCode.BadUsage)
            : new(await LintedAsync(PackFolder.Parse(files.ToDictionary(f => f.Key, f => f.Value!.GetValue<string>(), StringComparer.Ordinal)), ct));
    }

    private static Answer<JsonObject> Schema(string file) => PackFolder.FileNames.Contains(file)
        ? new(PackSchema.Of(file))
        : throw new ProblemException("APP-2025", $"A pack has no file '{file}'.", "file", $"Use {string.Join(", ", PackFolder.FileNames)}.", ExitCode.BadUsage);

    private async Task<PackLinted> LintedAsync(ParseResult<Pack> parsed, CancellationToken ct)
    {
        Pack? pack = parsed.IsOk ? parsed.Value : null;
        IReadOnlyList<LintFinding> findings = pack is null ? [.. parsed.Problems.Select(LintFinding.Of)] : PackLinter.Lint(pack, await published.HashAsync(pack.Id, pack.Version, ct));
        return new(findings.All(f => f.Level != LintLevel.Error), pack?.Reference, pack?.Hash.Hex, [.. findings.Select(PackReader.Finding)]);
    }

    private static PackListed Listed(Pack pack) => new(
        pack.Reference, pack.Id, pack.Version.ToString(), pack.Name, pack.Description, pack.Author, pack.Hash.Hex, [.. pack.Strategies.Select(s => s.Id)]);
}
