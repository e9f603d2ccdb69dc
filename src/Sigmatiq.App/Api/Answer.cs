using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sigmatiq.App.Api;

/// <summary>An answer as JSON whose shape its type says, so that the OpenAPI document has its schema without anybody writing it down twice.</summary>
/// <typeparam name="T">The shape.</typeparam>
/// <param name="value">What is written: a <typeparamref name="T"/>, or JSON of that shape which a room made.</param>
/// <param name="status">HTTP status.</param>
public abstract class JsonAnswer<T>(object? value, int status) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => Results.Json(value, Wire.Json, statusCode: status).ExecuteAsync(httpContext);

    /// <summary>What the document says of it.</summary>
    protected static void Describe(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]));
}

/// <summary>Status 200.</summary>
public sealed class Answer<T>(object? value) : JsonAnswer<T>(value, StatusCodes.Status200OK), IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status200OK);
}

/// <summary>Status 202: written down, and done within a second or so by whoever runs the engine.</summary>
public sealed class Accepted<T>(object? value) : JsonAnswer<T>(value, StatusCodes.Status202Accepted), IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status202Accepted);
}

/// <summary>Status 201 where something was made, 200 where exactly this was there before.</summary>
public sealed class Made<T>(object? value, bool isNew)
    : JsonAnswer<T>(value, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK), IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        Describe(builder, StatusCodes.Status200OK);
        Describe(builder, StatusCodes.Status201Created);
    }
}
