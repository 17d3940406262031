using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Host.Running;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Lb.Host.Metrics;

/// <summary>Sends the metrics of a node to a collector, again and again.</summary>
internal sealed class OtlpExport : BackgroundService
{
    private const string HttpPath = "/v1/metrics";

    /// <summary>A collector that does not answer holds up the next export, and the end of the process, no longer.</summary>
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(5);

    private readonly MetricsOptions _options;
    private readonly SiteObserver _observer;
    private readonly ILogger _log;
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;
    private bool _failing;

    public OtlpExport(LoadedConfig config, SiteObserver observer, NodeMeter meter, ILogger<OtlpExport> log)
    {
        _options = config.Node.Metrics;
        _observer = observer;
        _log = log;
        _reader = new BaseExportingMetricReader(new OtlpMetricExporter(ExporterOptions(_options)));
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddService("lbd", serviceVersion: BuildVersion.Text, serviceInstanceId: Environment.MachineName)
                .AddAttributes([new("lb.site", config.Node.Site)]))
            .AddMeter(ActorMeter.Name, NodeMeter.Runtime)
            .AddView(instrument => meter.Has(instrument)
                ? new MetricStreamConfiguration { CardinalityLimit = MostSeries(config.Site) }
                : MetricStreamConfiguration.Drop)
            .AddReader(_reader)
            .Build();
    }

    public override void Dispose()
    {
        _provider.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Waiting.DelayAsync(_options.Interval, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
            {
                await ExportAsync(stoppingToken);
            }
        }
    }

    private async Task ExportAsync(CancellationToken stop)
    {
        try
        {
            Tell(await _observer.CollectAsync(() => _reader.Collect((int)LongestSend.TotalMilliseconds), stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Once when it begins to fail and once when it works again.</summary>
    private void Tell(bool sent)
    {
        if (sent == _failing)
        {
            _failing = !sent;
            if (sent)
            {
                _log.ExportRecovered(_options.OtlpEndpoint!);
            }
            else
            {
                _log.ExportFailed(_options.OtlpEndpoint!, Durations.Show(_options.Interval));
            }
        }
    }

    private static OtlpExporterOptions ExporterOptions(MetricsOptions options)
    {
        bool http = options.OtlpProtocol == OtlpProtocol.Http;
        UriBuilder endpoint = new(options.OtlpEndpoint!);
        if (http && endpoint.Path == "/")
        {
            endpoint.Path = HttpPath;
        }

        return new OtlpExporterOptions
        {
            Endpoint = endpoint.Uri,
            Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            TimeoutMilliseconds = (int)LongestSend.TotalMilliseconds,
        };
    }

    /// <summary>
    /// The library keeps room for so many series of each metric: twice what the backends of the site make, at least
    /// its own default.
    /// </summary>
    private static int MostSeries(SiteConfig site)
    {
        int states = Enum.GetValues<BackendState>().Length;
        return Math.Max(2000, 2 * states * site.Services.Values.Sum(service => service.Backends.Count));
    }
}
