using System.Net.Sockets;
using System.Net;
using System.Text;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Metrics;

/// <summary>A node, on a kernel in memory, that sends its metrics to a server that listens as a collector does.</summary>
public sealed class OtlpExportTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Names of metrics, values of labels and an attribute of the resource.</summary>
    private static readonly string[] Expected =
    [
        "lb.service.slots", "lb.backend.share", "lb.kernel.write.duration", "dotnet.gc.collections",
        "exported-service", "exported-backend", "lb.site",
    ];

    private readonly Socket _socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lbh-");
    private readonly RecordingLog _log = new();
    private readonly ILoggerFactory _loggers;

    public OtlpExportTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public void Dispose()
    {
        _loggers.Dispose();
        _socket.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http", "/v1/metrics", "application/x-protobuf")]
    [InlineData("grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "application/grpc")]
    public async Task Collector_gets_the_metrics_of_the_site(string protocol, string path, string type)
    {
        await using StubCollector collector = await StubCollector.StartAsync(grpc: protocol == "grpc");
        await using WebApplication node = Build(collector.Url, protocol);
        await node.StartAsync();

        // The first may be earlier than the service's pool.
        Wait.Until(
            () => collector.Exports.Any(e => Expected.All(text => Has(e.Body, text))),
            $"an export with {string.Join(", ", Expected)}",
            Deadline);

        Assert.All(collector.Exports, e => Assert.Equal((path, type), (e.Path, e.Type)));
        await node.StopAsync().WaitAsync(Deadline);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("Metrics cannot be sent"));
    }

    [Fact]
    public async Task Collector_that_is_not_there_is_one_line_in_the_log()
    {
        using Socket nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: refused
        await using WebApplication node = Build($"http://{nobody.LocalEndPoint}", "http");
        await node.StartAsync();

        Wait.Until(() => _log.Lines.Any(line => line.Contains("Metrics cannot be sent")), "a line in the log", Deadline);
        await node.StopAsync().WaitAsync(Deadline);

        Assert.Single(_log.Lines, line => line.Contains("Metrics cannot be sent"));
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private WebApplication Build(string endpoint, string protocol)
    {
        LoadedConfig config = ConfigLoader.LoadText(
            $$"""
            lb { interfaces = [eth0], service-defaults.health.check = none
              journal.directory = "{{_folder}}"
              metrics { otlp-endpoint = "{{endpoint}}", otlp-protocol = {{protocol}}, interval = 1s }
              services.exported-service { vip = 192.0.2.1, port = 80
                backends.exported-backend { address = 10.0.2.11 } } }
            """,
            "test").Config!;
        return NodeHost.Build([new ApiListener(_socket, AccessRole.Admin)], _loggers, services => services
            .AddSingleton<IDatapath>(new FakeDatapath())
            .AddSingleton<INeighbours>(new FakeNeighbours())
            .AddLbNode(config, "site.conf"));
    }
}
