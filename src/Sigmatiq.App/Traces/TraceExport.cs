using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.App.Traces;

/// <summary>Sends spans of fires, requests, runs and attempts to a collector (OTLP), where the standard variables of the environment name one.</summary>
internal static class TraceExport
{
    /// <summary>The standard variables that name a collector; the exporter reads protocol, headers and the rest of them itself.</summary>
    public static IReadOnlyList<string> EndpointVariables { get; } = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Begins to send, and sends what is left when disposed of; null where no collector is named. A collector that does not answer holds nothing up:
    /// its spans are dropped.</summary>
    public static IDisposable? Start() => EndpointVariables.All(v => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(v)))
        ? null
        : Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService("sigmatiq", serviceVersion: Sigmatiq.Workflows.Journal.RunRequests.Build, serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"))
            .AddSource(RunTraces.SourceName, RequestTraces.SourceName)
            .AddOtlpExporter()
            .Build();
}
