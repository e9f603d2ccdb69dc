using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Settings;

/// <summary>Small facts by key that outlive a process: the operator's plan, the seed of the sample market.</summary>
public sealed class SettingTable(TimeProvider clock)
{
    /// <summary>The value, or null.</summary>
    public static Task<string?> FindAsync(IRows rows, string key, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<string>("select value from settings where key = @Key", new { Key = key }, ct);

    /// <summary>Sets or replaces the value.</summary>
    public Task SetAsync(IRows rows, string key, string value, CancellationToken ct) => rows.ExecuteAsync("""
        insert into settings (key, value, changed_at_utc) values (@Key, @Value, @Now)
        on conflict (key) do update set value = excluded.value, changed_at_utc = excluded.changed_at_utc
        """, new { Key = key, Value = value, Now = clock.GetUtcNow() }, ct);

    /// <summary>Sets the value where there is none: whoever comes first decides.</summary>
    /// <returns>The value that stands now.</returns>
    public async Task<string> SetOnceAsync(IRows rows, string key, string value, CancellationToken ct)
    {
        await rows.ExecuteAsync("insert into settings (key, value, changed_at_utc) values (@Key, @Value, @Now) on conflict (key) do nothing",
            new { Key = key, Value = value, Now = clock.GetUtcNow() }, ct);
        return await rows.FirstAsync<string>("select value from settings where key = @Key", new { Key = key }, ct);
    }
}
