using System.Globalization;
using Npgsql;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Rows;

/// <summary>Where a PostgreSQL store lies and as whom it is opened, read from <c>postgres://user@host:port/database?sslmode=require</c> or from
/// <c>Host=…;Database=…;Username=…</c>.</summary>
/// <remarks>The password comes from the file that <c>password_file</c> names, else from <c>PGPASSFILE</c> or <c>~/.pgpass</c>. One that stands in
/// the address itself is taken and never shown.</remarks>
public sealed class PostgresAddress
{
    private const int PoolMax = 24;
    private const int LockWaitSeconds = 30;

    // A worker that froze inside a transaction holds back every other: the server ends its session, and what it had begun is undone.
    private const int IdleInTransactionSeconds = 8;

    private PostgresAddress(NpgsqlConnectionStringBuilder connection)
    {
        ConnectionString = connection.ConnectionString;
        PoolSize = connection.MaxPoolSize;
        string port = connection.Port.ToString(CultureInfo.InvariantCulture);
        Shown = connection.Host!.StartsWith('/')
            ? $"postgres://{connection.Username}@/{connection.Database}?host={connection.Host}&port={port}"
            : $"postgres://{connection.Username}@{connection.Host}:{port}/{connection.Database}";
        User = connection.Username!;
        Database = connection.Database!;
    }

    /// <summary>The address without any secret, to be shown.</summary>
    public string Shown { get; }

    /// <summary>The database's user.</summary>
    public string User { get; }

    /// <summary>The database.</summary>
    public string Database { get; }

    internal string ConnectionString { get; }

    internal int PoolSize { get; }

    /// <summary>Whether a text names a PostgreSQL store rather than a file.</summary>
    public static bool IsMeant(string text) => IsUrl(text) || text.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address.</summary>
    /// <param name="text">As a person writes it.</param>
    /// <param name="passwordFile">File whose first line is the password, or null; stands above the address's own.</param>
    /// <exception cref="ProblemException">STO-1012: it is none, or the file of the password cannot be read.</exception>
    public static PostgresAddress Parse(string text, string? passwordFile = null)
    {
        try
        {
            NpgsqlConnectionStringBuilder connection = new();
            // Below whatever the address says.
            connection.MaxPoolSize = PoolMax;
            connection.Timeout = LockWaitSeconds;
            connection.CommandTimeout = 2 * LockWaitSeconds;
            connection.MaxAutoPrepare = 100;
            connection.AutoPrepareMinUsages = 3;
            // No session of the pool is changed: what is set, is set for a transaction. Setting all back costs the server more than a light statement.
            connection.NoResetOnClose = true;
            connection.ApplicationName = "sigmatiq";
            string? namedFile = IsUrl(text) ? ReadUrl(connection, text) : ReadPairs(connection, text);
            if (connection.Host is not { Length: > 0 } || connection.Username is not { Length: > 0 })
            {
                throw new ArgumentException("it names no host or no user");
            }

            connection.Database ??= connection.Username;
            if ((passwordFile ?? namedFile) is { } file)
            {
                connection.Password = ReadPassword(file);
            }

            connection.Options = string.Create(CultureInfo.InvariantCulture,
                $"-c lock_timeout={LockWaitSeconds}s -c idle_in_transaction_session_timeout={IdleInTransactionSeconds}s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 {connection.Options}").TrimEnd();
            return new(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // Never the address itself: there may be a password in it.
            throw new ProblemException(new Problem("STO-1012", $"This is not the address of a PostgreSQL store: {Words(e)}.", "--store",
                "Write postgres://USER@HOST:5432/DATABASE and put the password into a file: ?password_file=PATH.", ExitCode.BadUsage));
        }
    }

    /// <summary>The first line of a file of a password.</summary>
    /// <exception cref="ProblemException">STO-1012: the file cannot be read, or is empty.</exception>
    public static string ReadPassword(string file)
    {
        string? cause = null;
        try
        {
            if (File.ReadLines(file).FirstOrDefault() is { Length: > 0 } password)
            {
                return password;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cause = e.Message;
        }

        throw new ProblemException("STO-1012", $"The file of the password cannot be read: {cause?.TrimEnd('.') ?? "it is empty"}.", file, "Write the password into its first line, readable by you alone.", ExitCode.BadUsage);
    }

    private static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static string Words(Exception e) => e is ArgumentException ? e.Message.ReplaceLineEndings(" ").TrimEnd('.') : "a value in it cannot be read";

    // Uri would want a host, which an address of a socket has none of.
    private static string? ReadUrl(NpgsqlConnectionStringBuilder connection, string text)
    {
        string rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        (rest, string query) = Cut(rest, '?');
        (string authority, string database) = Cut(rest, '/');
        int at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            (string user, string password) = Cut(authority[..at], ':');
            connection.Username = Uri.UnescapeDataString(user);
            connection.Password = password.Length > 0 ? Uri.UnescapeDataString(password) : null;
        }

        string place = authority[(at + 1)..];
        int colon = place.EndsWith(']') ? -1 : place.LastIndexOf(':');
        if (colon >= 0)
        {
            connection.Port = int.Parse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            place = place[..colon];
        }

        if (place.Length > 0)
        {
            connection.Host = Uri.UnescapeDataString(place.Trim('[', ']'));
        }

        if (database.Length > 0)
        {
            connection.Database = Uri.UnescapeDataString(database);
        }

        string? file = null;
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string key, string value) = Cut(pair, '=');
            file = Take(connection, Uri.UnescapeDataString(key), Uri.UnescapeDataString(value)) ?? file;
        }

        return file;
    }

    private static string? ReadPairs(NpgsqlConnectionStringBuilder connection, string text)
    {
        string? file = null;
        foreach (KeyValuePair<string, object> pair in new System.Data.Common.DbConnectionStringBuilder { ConnectionString = text })
        {
            file = Take(connection, pair.Key, (string)pair.Value) ?? file;
        }

        return file;
    }

    private static string? Take(NpgsqlConnectionStringBuilder connection, string key, string value)
    {
        string plain = key.Replace('_', ' ').ToLowerInvariant();
        if (plain == "password file")
        {
            return value;
        }

        connection[plain switch { "sslmode" => "ssl mode", "sslrootcert" => "root certificate", "user" => "username", "dbname" => "database", _ => plain }] = value;
        return null;
    }

    private static (string Before, string After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and int i ? (text[..i], text[(i + 1)..]) : (text, "");
}
