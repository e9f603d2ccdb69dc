using System.Text.RegularExpressions;

namespace Sigmatiq.Store.Rows;

/// <summary>The few words in which the engines differ; statements write them in braces.</summary>
/// <param name="Name">Also the middle part of migration files: <c>0001_store.sqlite.sql</c>.</param>
/// <param name="Lock">Replaces <c>{lock}</c> at the end of a select that claims work: skips rows another claimant holds.</param>
/// <param name="Triggers">Names the triggers that are in force.</param>
/// <param name="HasMigrations">Counts the table of migrations: 0 in a new store.</param>
/// <param name="MayMigrate">Whether the store's user may change the schema.</param>
public sealed partial record SqlDialect(string Name, string Lock, string Triggers, string HasMigrations, string MayMigrate)
{
    /// <summary>One writer at a time, so a claim needs no lock of its own.</summary>
    public static SqlDialect Sqlite { get; } = new("sqlite", "", "select name from sqlite_master where type = 'trigger'",
        "select count(*) from sqlite_master where type = 'table' and name = 'migrations'",
        "select 1");

    /// <summary>Many writers.</summary>
    public static SqlDialect Postgres { get; } = new("postgres", "for update skip locked",
        """
        select cast(t.tgname as text) from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = current_schema() and not t.tgisinternal and t.tgenabled in ('O', 'A')
        """,
        "select count(*) from pg_tables where schemaname = current_schema() and tablename = 'migrations'",
        "select has_schema_privilege(current_schema(), 'create')");

    /// <summary>Replaces the words in braces; a list of the arguments becomes an array where the engine has such.</summary>
    public string Expand(string sql)
    {
        sql = sql.Contains('{') ? sql.Replace("{lock}", Lock, StringComparison.Ordinal) : sql;
        return Name == "postgres" && sql.Contains(" in @", StringComparison.Ordinal) ? InList().Replace(sql, m => m.Groups[1].Success ? "<> all(" + m.Groups[2].Value + ")" : "= any(" + m.Groups[2].Value + ")") : sql;
    }

    [GeneratedRegex(@"\b(not )?in (@\w+)")]
    private static partial Regex InList();
}
