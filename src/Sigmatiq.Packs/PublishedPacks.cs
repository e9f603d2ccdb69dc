using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Packs;

/// <summary>That a pack version was published.</summary>
/// <param name="PackId">The pack.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Hash of its content.</param>
/// <param name="PublishedBy">Who published it.</param>
/// <param name="PublishedAtUtc">When.</param>
public sealed record Publication(string PackId, string Version, string Hash, string PublishedBy, DateTimeOffset PublishedAtUtc);

/// <summary>Pack versions that were published: their content can never change again (01 §1.12).</summary>
public sealed class PublishedPacks(IRowStore rows, TimeProvider clock)
{
    /// <summary>Publishes a pack version; the same content again changes nothing.</summary>
    /// <returns>Whether it was new.</returns>
    /// <exception cref="ProblemException">PCK-1009: the version was published with another hash.</exception>
    public async Task<bool> PublishAsync(Pack pack, string publishedBy, CancellationToken ct)
    {
        int inserted = await rows.ExecuteAsync(
            """
            insert into published_packs (pack_id, version, hash, content, published_by, published_at_utc)
            values (@Id, @Version, @Hash, @Content, @PublishedBy, @PublishedAtUtc) on conflict do nothing
            """,
            new
            {
                pack.Id, Version = pack.Version.ToString(), Hash = pack.Hash.Hex, Content = CanonicalJson.Text(pack.Content), PublishedBy = publishedBy,
                PublishedAtUtc = clock.GetUtcNow(),
            },
            ct);
        await CheckAsync(pack, ct);
        return inserted == 1;
    }

    /// <summary>Refuses a pack whose version was published with another content; one that was never published passes.</summary>
    /// <exception cref="ProblemException">PCK-1009.</exception>
    public async Task CheckAsync(Pack pack, CancellationToken ct)
    {
        string? published = await HashAsync(pack.Id, pack.Version, ct);
        if (published is not null && published != pack.Hash.Hex)
        {
            throw new ProblemException(Changed(pack, published));
        }
    }

    /// <summary>The hash under which a version was published, or null.</summary>
    public Task<string?> HashAsync(string packId, PackVersion version, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<string>(
            "select hash from published_packs where pack_id = @Id and version = @Version", new { Id = packId, Version = version.ToString() }, ct);

    /// <summary>Every published version of a pack.</summary>
    public Task<IReadOnlyList<Publication>> OfAsync(string packId, CancellationToken ct) =>
        rows.QueryAsync<Publication>(
            "select pack_id, version, hash, published_by, published_at_utc from published_packs where pack_id = @packId order by version", new { packId }, ct);

    internal static Problem Changed(Pack pack, string publishedHash) => new(
        "PCK-1009", $"{pack.Reference} was published with the hash {publishedHash[..12]}, the files now have {pack.Hash.Short}.", "pack.yaml",
        "Give the changed pack a new version.", ExitCode.BadUsage);
}
