using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;

namespace Sigmatiq.Store.Rows;

/// <summary>Writes the properties of an argument object into parameters: the part of Dapper's work that a statement without lists and without rows
/// needs, for where Dapper does not reach, in batches and statements that stay prepared.</summary>
internal sealed class RowParameters
{
    private static readonly ConcurrentDictionary<Type, RowParameters?> Known = new();

    private readonly Field[] fields;

    private RowParameters(Field[] fields) => this.fields = fields;

    /// <summary>The parameters of a type of arguments; null where it has a list or something else that only Dapper can write.</summary>
    public static RowParameters? Of(Type arguments) => Known.GetOrAdd(arguments, Read);

    /// <summary>Adds a parameter for each property.</summary>
    public void Add(DbParameterCollection parameters, Func<DbParameter> create, object args)
    {
        foreach (Field field in fields)
        {
            DbParameter parameter = create();
            parameter.ParameterName = field.Name;
            parameter.DbType = field.AtRest;
            parameter.Value = field.ValueOf(args);
            parameters.Add(parameter);
        }
    }

    /// <summary>Writes the values into parameters that <see cref="Add"/> has made.</summary>
    public void Set(DbParameterCollection parameters, object args)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            parameters[i].Value = fields[i].ValueOf(args);
        }
    }

    private static RowParameters? Read(Type arguments)
    {
        PropertyInfo[] properties = arguments.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        List<Field> fields = [];
        foreach (PropertyInfo property in properties)
        {
            if (property.GetIndexParameters().Length > 0 || RowTypes.WayOf(property.PropertyType) is not { } way)
            {
                return null;
            }

            ParameterExpression args = Expression.Parameter(typeof(object));
            Func<object, object?> get = Expression.Lambda<Func<object, object?>>(
                Expression.Convert(Expression.Property(Expression.Convert(args, arguments), property), typeof(object)), args).Compile();
            fields.Add(new("@" + property.Name, way.AtRest, get, way.Write));
        }

        return new([.. fields]);
    }

    private sealed record Field(string Name, DbType AtRest, Func<object, object?> Get, Func<object, object>? Write)
    {
        public object ValueOf(object args) => Get(args) is not { } value ? DBNull.Value : Write is null ? value : Write(value);
    }
}
