using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Configuration;
using Lb.Host.Metrics;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Testing;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Running;

/// <summary>A node composed as in its process, on a kernel in memory.</summary>
public sealed class NodeServicesTests : IDisposable
{
    private const string Web = """
        lb { interfaces = [eth0], service-defaults.health.check = none
          services.web { vip = 192.0.2.1, port = 80, backends.b1 { address = 10.0.2.11 } } }
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeDatapath _datapath = new();
    private readonly Socket _socket = AdminSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), "lb.admin");
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lbh-");

    public NodeServicesTests() => _loggers = LoggerFactory.Create(
        logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));

    public void Dispose()
    {
        _loggers.Dispose();
        _socket.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Node_writes_its_services_and_ends_with_its_host()
    {
        await using WebApplication node = Build(Web);
        await node.StartAsync();
        SiteClient site = node.Services.GetRequiredService<SiteClient>();
        ActorSystem system = node.Services.GetRequiredService<ActorSystem>();

        Wait.Until(() => SiteClient.IsSettled(site.GetServicesAsync().GetAwaiter().GetResult()), "a settled site", Deadline);
        Assert.Single(_datapath.ReadServices());
        Assert.Equal("akka://lb/user/site", $"{node.Services.GetRequiredService<IRequiredActor<SiteActor>>().ActorRef.Path}");
        await node.StopAsync().WaitAsync(Deadline);

        Assert.True(system.WhenTerminated.IsCompleted, "the actors outlive their host");
    }

    [Fact]
    public async Task Akka_section_of_the_site_file_reaches_the_actor_system()
    {
        await using WebApplication node = Build(Web + "\nakka { loglevel = ERROR, actor.ask-timeout = 7s }");

        Settings settings = node.Services.GetRequiredService<ActorSystem>().Settings;

        Assert.Equal("ERROR", settings.LogLevel);
        Assert.Equal(TimeSpan.FromSeconds(7), settings.AskTimeout);
        Assert.Equal("OFF", settings.StdoutLogLevel);
    }

    [Fact]
    public async Task What_the_actor_system_logs_is_in_the_log_of_the_process()
    {
        await using WebApplication node = Build(Web);
        await node.StartAsync();

        node.Services.GetRequiredService<ActorSystem>().Log.Error(
            new InvalidOperationException("why"), "{0} is wrong", "something");
        await node.StopAsync().WaitAsync(Deadline);

        Assert.Contains(_log.Entries, e => e.Level == LogLevel.Error
            && e.Category == "Lb.Host.Logging.ActorLogForwarder"
            && e.Text == "ActorSystem(lb): something is wrong why");
    }

    [Fact]
    public async Task Dead_letters_of_the_actor_system_are_counted()
    {
        await using WebApplication node = Build(Web);
        await node.StartAsync();
        MetricCollector metrics = node.Services.GetRequiredService<MetricCollector>();
        Wait.Until(() => DeadLetters() is not null, "the counter of dead letters", Deadline);
        double? before = DeadLetters();

        node.Services.GetRequiredService<ActorSystem>().DeadLetters.Tell("lost");

        Wait.Until(() => DeadLetters() > before, "a dead letter among the metrics", Deadline);
        await node.StopAsync().WaitAsync(Deadline);

        double? DeadLetters() =>
            metrics.Collect().FirstOrDefault(f => f.Name == "lb_actor_dead_letters_total")?.Samples[0].Value;
    }

    private WebApplication Build(string text) => NodeHost.Build([new ApiListener(_socket, AccessRole.Admin)], _loggers, services => services
        .AddSingleton<IDatapath>(_datapath)
        .AddSingleton<INeighbours>(new FakeNeighbours())
        .AddLbNode(
            ConfigLoader.LoadText($"{text}\nlb.journal.directory = \"{_folder}\"", "test").Config!, "site.conf"));

    private sealed class LogRecorder : ILoggerProvider
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _entries = new();

        public IEnumerable<(LogLevel Level, string Category, string Text)> Entries => _entries;

        public ILogger CreateLogger(string categoryName) => new Recording(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Recording(LogRecorder recorder, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter) => recorder._entries.Enqueue(
                (logLevel, category, $"{formatter(state, exception)} {exception?.Message}".TrimEnd()));
        }
    }
}
