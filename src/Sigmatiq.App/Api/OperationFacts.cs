using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Sigmatiq.App.Api;

/// <summary>Adds to the described routes what their handlers read by themselves: bodies, and parameters such as <c>limit</c>.</summary>
internal sealed class OperationFacts : IApiDescriptionProvider
{
    private readonly EmptyModelMetadataProvider types = new();

    // After the provider of the framework.
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context) { }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        foreach (ApiDescription route in context.Results)
        {
            IList<object> metadata = route.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<OperationBody>().LastOrDefault() is { } body)
            {
                route.ParameterDescriptions.Add(Described("body", body.Shape, BindingSource.Body, body.Required));
                route.SupportedRequestFormats.Clear();
                route.SupportedRequestFormats.Add(new() { MediaType = body.ContentType });
            }

            foreach (OperationParameter parameter in metadata.OfType<OperationParameter>().Where(p => route.ParameterDescriptions.All(d => d.Name != p.Name)))
            {
                route.ParameterDescriptions.Add(Described(parameter.Name, parameter.Max is null ? typeof(string) : typeof(int), BindingSource.Query, isRequired: false));
            }
        }
    }

    private ApiParameterDescription Described(string name, Type type, BindingSource source, bool isRequired) => new()
    {
        Name = name, Type = type, Source = source, IsRequired = isRequired, ModelMetadata = types.GetMetadataForType(type),
        ParameterDescriptor = new ParameterDescriptor { Name = name, ParameterType = type, BindingInfo = new() { BindingSource = source } },
    };
}
