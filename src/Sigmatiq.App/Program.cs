using Sigmatiq.App.Commands;
using Sigmatiq.App.Traces;
using Sigmatiq.Store.Seeds;

// The only place that names the real clock and the system's chance; everything below is given them.
#pragma warning disable RS0030
TimeProvider clock = TimeProvider.System;
#pragma warning restore RS0030
using IDisposable? traces = TraceExport.Start();
var host = new CommandHost(clock, IdSource.FromSystem(clock), TerminalStreams.OfProcess());
return await CommandLine.RunAsync(args, host).ConfigureAwait(false);
