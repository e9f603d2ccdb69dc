using System.Text.RegularExpressions;
using Sigmatiq.Store;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Migrations;

/// <summary>The schemas that the program carries, one per engine.</summary>
public sealed class MigrationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Dialects => ["sqlite", "postgres"];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_program_carries_its_migrations_with_numbers_of_their_own(string dialect)
    {
        IReadOnlyList<Migration> embedded = Migration.Embedded(dialect == "sqlite" ? SqlDialect.Sqlite : SqlDialect.Postgres);
        embedded[0].Name.Should().Be("store");
        embedded.Select(m => m.Number).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        embedded.Should().HaveCount(Directory.GetFiles(Path.Combine(Checkout.Root, "src", "Sigmatiq.Store", "Migrations"), $"*.{dialect}.sql").Length);
    }

    [Fact]
    public void Every_migration_is_there_for_both_engines() => Migration.Embedded(SqlDialect.Postgres).Select(m => $"{m.Number:0000}_{m.Name}")
        .Should().Equal(Migration.Embedded(SqlDialect.Sqlite).Select(m => $"{m.Number:0000}_{m.Name}"), "an engine without its twin has another schema");

    [Fact]
    public void Every_table_of_the_program_checks_the_types_of_its_columns() =>
        Migration.Embedded(SqlDialect.Sqlite).Should().OnlyContain(m => Regex.Count(m.Sql, @"(?i)^create table", RegexOptions.Multiline)
            == Regex.Count(m.Sql, @"(?i)^\)\s*(without rowid,\s*)?strict", RegexOptions.Multiline));

    [Fact]
    public async Task Both_engines_end_with_the_same_tables_columns_keys_indexes_and_triggers()
    {
        using TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        await using TestRows sqlite = await TestRows.CreateAsync(StoreEngine.Sqlite, data), postgres = await TestRows.CreateAsync(StoreEngine.Postgres, data);
        string[] one = await OfSqliteAsync(sqlite.Rows), other = await OfPostgresAsync(postgres.Rows);
        other.Except(one).Should().BeEmpty("SQLite has the same");
        one.Except(other).Should().BeEmpty("PostgreSQL has the same");
        other.Should().HaveSameCount(one);
        one.Length.Should().BeGreaterThan(300);
    }

    [Fact]
    public async Task Every_text_of_PostgreSQL_sorts_by_its_bytes()
    {
        using TemporaryFolder folder = new();
        await using TestRows postgres = await TestRows.CreateAsync(StoreEngine.Postgres, new DataDirectory(folder.Path));
        (await postgres.Rows.QueryAsync<string>("""
            select table_name || '.' || column_name from information_schema.columns
             where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'C' and table_name <> 'migrations'
            """, null, Ct)).Should().BeEmpty("order by would differ from SQLite's");
    }

    // Each fact as one line, in words of both.
    private static async Task<string[]> OfSqliteAsync(IRowStore rows) =>
        [.. await rows.QueryAsync<string>("""
            with tables as (select name from sqlite_master where type = 'table' and name not like 'sqlite_%')
            select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || case when c."notnull" = 1 or c.pk > 0 then ' not null' else '' end
              from tables t join pragma_table_info(t.name) c
            union all
            select 'unique ' || t.name || ' ' || (select group_concat(i.name) from (select name from pragma_index_info(x.name) order by seqno) i)
              from tables t join pragma_index_list(t.name) x where x."unique" = 1
            union all
            select 'unique ' || t.name || ' ' || (select group_concat(k.name) from (select name from pragma_table_info(t.name) where pk > 0 order by pk) k)
              from tables t where not exists (select 1 from pragma_index_list(t.name) x where x.origin = 'pk')
            union all
            select 'index ' || m.name || ' on ' || m.tbl_name from sqlite_master m where m.type = 'index' and m.sql is not null
            union all
            select 'trigger ' || m.name || ' on ' || m.tbl_name from sqlite_master m where m.type = 'trigger'
            union all
            select 'reference ' || t.name || '.' || f."from" || ' to ' || f."table" || '.' || f."to" from tables t join pragma_foreign_key_list(t.name) f
            """, null, Ct)];

    // A trigger against emptying has no like in SQLite, which knows no such statement.
    private static async Task<string[]> OfPostgresAsync(IRowStore rows) =>
        [.. await rows.QueryAsync<string>("""
            select 'column ' || table_name || '.' || column_name || ' ' || case data_type when 'bigint' then 'integer' when 'double precision' then 'real' else data_type end
                || case is_nullable when 'NO' then ' not null' else '' end
              from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
             where table_schema = current_schema() and t.table_type = 'BASE TABLE'
            union all
            select 'unique ' || c.relname || ' ' || (select string_agg(a.attname, ',' order by k.n) from unnest(x.indkey) with ordinality k(attnum, n)
                                                       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum)
              from pg_index x join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = current_schema() and x.indisunique
            union all
            select 'index ' || i.indexname || ' on ' || i.tablename from pg_indexes i
             where i.schemaname = current_schema() and not exists (select 1 from pg_constraint k where k.conname = i.indexname)
            union all
            select 'trigger ' || t.tgname || ' on ' || c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
             where not t.tgisinternal and t.tgname not like '%_never_emptied'
            union all
            select 'reference ' || c.relname || '.' || a.attname || ' to ' || f.relname || '.' || b.attname
              from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
              join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1] join pg_attribute b on b.attrelid = f.oid and b.attnum = k.confkey[1]
             where k.contype = 'f'
            """, null, Ct)];
}
