using System.Data;
using System.Globalization;
using System.Reflection;
using Dapper;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Store.Rows;

/// <summary>How our types lie in rows (see <see cref="IRows"/>), taught to Dapper once per process.</summary>
internal static class RowTypes
{
    private static readonly Dictionary<Type, (DbType AtRest, Func<object, object>? Write)> Written = new()
    {
        [typeof(string)] = (DbType.String, null), [typeof(int)] = (DbType.Int32, null), [typeof(long)] = (DbType.Int64, null), [typeof(double)] = (DbType.Double, null),
    };

    static RowTypes()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.TypeMapProvider = type => new ColumnNames(type);
        Teach(DbType.String, UtcText.Format, value => UtcText.Parse((string)value));
        Teach(DbType.String, value => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            value => DateOnly.ParseExact((string)value, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        Teach<decimal>(DbType.String, value => value.ToString(CultureInfo.InvariantCulture),
            value => value is string text ? decimal.Parse(text, CultureInfo.InvariantCulture) : Convert.ToDecimal(value, CultureInfo.InvariantCulture));
        Teach<Guid>(DbType.String, value => value.ToString("D"), value => Guid.Parse((string)value));
        Teach<bool>(DbType.Int32, value => value ? 1 : 0, value => Convert.ToInt64(value, CultureInfo.InvariantCulture) != 0);
        Teach<ContentHash>(DbType.String, value => value.Hex, value => ContentHash.Parse((string)value));
    }

    /// <summary>Makes sure the static constructor has run.</summary>
    public static void Ready() { }

    /// <summary>How values of a type are written; null for a type that is left to Dapper, such as a list.</summary>
    public static (DbType AtRest, Func<object, object>? Write)? WayOf(Type type) => Written.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var way) ? way : null;

    private static void Teach<T>(DbType atRest, Func<T, object> write, Func<object, T> read) where T : struct
    {
        Written[typeof(T)] = (atRest, value => write((T)value));
        // Dapper prefers its own notion of a type to a handler unless that notion is removed.
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(typeof(T), new Handler<T>(atRest, write, read));
    }

    // The type is said for a null too: PostgreSQL would have to guess it.
    private sealed class Handler<T>(DbType atRest, Func<T, object> write, Func<object, T> read) : SqlMapper.ITypeHandler where T : struct
    {
        public void SetValue(IDbDataParameter parameter, object value)
        {
            parameter.DbType = atRest;
            parameter.Value = value is T known ? write(known) : DBNull.Value;
        }

        public object Parse(Type destinationType, object value) => read(value);
    }

    /// <summary>Constructors by column name alone: Dapper's own map also wants equal types, but a store gives every whole number as a
    /// long and every instant as text.</summary>
    private sealed class ColumnNames(Type type) : SqlMapper.ITypeMap
    {
        private readonly DefaultTypeMap byDefault = new(type);

        public ConstructorInfo? FindConstructor(string[] names, Type[] types)
        {
            ConstructorInfo[] all = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            return all.FirstOrDefault(c => Fits(c, names)) ?? all.FirstOrDefault(c => c.GetParameters().Length == 0);
        }

        public ConstructorInfo? FindExplicitConstructor() => null;

        public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo constructor, string columnName) =>
            byDefault.GetConstructorParameter(constructor, columnName);

        public SqlMapper.IMemberMap? GetMember(string columnName) => byDefault.GetMember(columnName);

        private static bool Fits(ConstructorInfo constructor, string[] names)
        {
            ParameterInfo[] parameters = constructor.GetParameters();
            return parameters.Length == names.Length && parameters.Length > 0
                && parameters.Zip(names).All(p => Same(p.First.Name!, p.Second));
        }

        private static bool Same(string member, string column) =>
            string.Equals(member, column.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }
}
