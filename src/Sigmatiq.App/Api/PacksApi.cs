using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary><c>/packs</c> (spec 01 §1.13): what packs hold, and what is wrong with one, as <c>sigmatiq packs list / show / lint / schema</c> say it.</summary>
internal sealed class PacksApi(PackLibrary packs, PublishedPacks published)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/packs", () => new Answer<IReadOnlyList<PackListed>>(packs.List().Select(p => Listed(packs.Load($"{p.Id}@{p.Version}"))).ToArray()))
            .Operation("listPacks", "packs", "Lists packs and versions").Needs(Right.Read);
        routes.MapGet("/packs/{id}", ShowAsync).Operation("getPack", "packs", "A pack by id, or in one version by id@version, with its content").Needs(Right.Read);
        routes.MapGet("/packs/{id}/versions", Versions).Operation("listPackVersions", "packs", "The versions of a pack, oldest first").Needs(Right.Read);
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
        return new(findings.All(f => f.Level != LintLevel.Error), pack?.Reference, pack?.Hash.Hex, [.. findings.Select(f => new PackFinding(
            f.Code, f.Level == LintLevel.Error ? "error" : "warn", f.Path, f.Place?.File, f.Place?.Line, f.Place?.Column, f.Message, f.Remediation))]);
    }

    private static PackListed Listed(Pack pack) => new(
        pack.Reference, pack.Id, pack.Version.ToString(), pack.Name, pack.Description, pack.Author, pack.Hash.Hex, [.. pack.Strategies.Select(s => s.Id)]);
}
