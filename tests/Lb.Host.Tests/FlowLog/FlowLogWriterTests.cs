using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.FlowLog;
using Lb.Kernel;
using Lb.Testing;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.FlowLog;

/// <summary>From events of the kernel to lines of a file.</summary>
public sealed class FlowLogWriterTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly FlowEvent Begun = new(
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero),
        FlowEventKind.Begin,
        new Flow(IPAddress.Parse("2001:db8::7"), 40001, IPAddress.Parse("2001:db8::10"), 80, TransportProtocol.Tcp),
        Service: 3,
        Backend: 9,
        Slot: 42,
        Hook.Xdp,
        Tracked: true,
        Moved: false);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lbh-");
    private readonly FakeDatapath _datapath = new();
    private readonly FlowLogState _state = new();
    private readonly List<string> _log = [];
    private readonly FlowLogNames _names = new()
    {
        Current = new KernelNames(
            ImmutableDictionary<uint, NamedService>.Empty.Add(
                3, new NamedService("web", new Endpoint(Begun.Flow.Vip, 80, TransportProtocol.Tcp), Generation: 4)),
            ImmutableDictionary<uint, NamedBackend>.Empty.Add(
                9, new NamedBackend("b1", new Endpoint(IPAddress.Parse("fd00::11"), 8080, TransportProtocol.Tcp)))),
    };

    private string File => Path.Combine(_folder.FullName, "log", "flows.jsonl");

    public void Dispose()
    {
        _names.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Event_becomes_a_line_with_names()
    {
        await RunAsync(File, () => _datapath.FlowLog.Add(Begun));

        Assert.Equal(
            """{"time":"2026-01-02T03:04:05.006000Z","event":"begin","service":"web","protocol":"tcp","""
            + "\"client\":\"2001:db8::7\",\"clientPort\":40001,\"vip\":\"2001:db8::10\",\"vipPort\":80,"
            + "\"backend\":\"b1\",\"backendAddress\":\"fd00::11\",\"backendPort\":8080,"
            + "\"hook\":\"xdp\",\"slot\":42,\"generation\":4,\"tracked\":true,\"moved\":false}\n",
            await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal("640", Command.Run("stat", "-c", "%a", File).Trim());
    }

    [Theory]
    [InlineData(FlowEventKind.End, "fin")]
    [InlineData(FlowEventKind.Reset, "rst")]
    public async Task End_says_by_what(FlowEventKind kind, string by)
    {
        await RunAsync(File, () => _datapath.FlowLog.Add(Begun with { Kind = kind }));

        JsonElement line = Assert.Single(Lines());
        Assert.Equal(("end", by), (line.GetProperty("event").GetString(), line.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task Numbers_that_are_not_known_are_told_as_such()
    {
        await RunAsync(File, () => _datapath.FlowLog.Add(Begun with { Service = 77, Backend = 88 }));

        JsonElement line = Assert.Single(Lines());
        Assert.All(
            (string[])["service", "backend", "backendAddress", "backendPort", "generation"],
            field => Assert.Equal(JsonValueKind.Null, line.GetProperty(field).ValueKind));
        Assert.Equal((77, 88), (line.GetProperty("serviceId").GetInt32(), line.GetProperty("backendIndex").GetInt32()));
    }

    [Fact]
    public async Task Lost_events_are_told_in_the_log_and_once_beside_it()
    {
        _datapath.FlowLog.Count(new FlowLogCounts(5, 100, 100)); // before the start: of an earlier process
        await RunAsync(File, () =>
        {
            _datapath.FlowLog.Count(new FlowLogCounts(5, 107, 102));
            Wait.Until(() => Told() == 2, "the losses are in the log", Deadline);
            _datapath.FlowLog.Count(new FlowLogCounts(5, 108, 102));
        });

        Assert.Equal(
            [("ring", 7), ("memory", 2), ("ring", 1)],
            Lines().Select(l => (l.GetProperty("reason").GetString()!, l.GetProperty("count").GetInt32())));
        Assert.Contains("9 events of the flow log were lost", Assert.Single(_log));

        int Told() => System.IO.File.Exists(File) ? Lines().Count : 0;
    }

    [Fact]
    public async Task Full_disk_is_said_once_counted_and_survived()
    {
        await RunAsync("/dev/full", () =>
        {
            for (ulong i = 1; i <= 3; i++)
            {
                long before = _state.Unwritten;
                _datapath.FlowLog.Add(Begun);
                Wait.Until(() => _state.Unwritten > before, "the event is counted", Deadline);
            }
        });

        Assert.Equal(3, _state.Unwritten);
        Assert.Contains("/dev/full", Assert.Single(_log));
    }

    [Fact]
    public async Task Folder_that_comes_back_is_written_to_and_told()
    {
        Directory.CreateDirectory(File); // a folder where the file is to be
        await RunAsync(File, () =>
        {
            _datapath.FlowLog.Add(Begun);
            Wait.Until(() => _state.Unwritten == 1, "the event is counted", Deadline);
            Directory.Delete(File);
            _datapath.FlowLog.Add(Begun);
        });

        Assert.Equal(["begin", "lost"], Lines().Select(l => l.GetProperty("event").GetString()));
        Assert.Equal("write", Lines()[1].GetProperty("reason").GetString());
        Assert.Equal(2, _log.Count);
        Assert.Contains("again", _log[1]);
    }

    [Fact]
    public async Task File_that_was_moved_away_is_opened_anew()
    {
        string old = $"{File}.1";
        await RunAsync(File, () =>
        {
            _datapath.FlowLog.Add(Begun);
            Wait.Until(() => System.IO.File.Exists(File) && Lines().Count == 1, "the first line", Deadline);
            System.IO.File.Move(File, old);
            _state.Reopen();
            Wait.Until(() => System.IO.File.Exists(File), "a new file", Deadline);
            _datapath.FlowLog.Add(Begun with { Kind = FlowEventKind.End });
        });

        Assert.Equal("begin", Assert.Single(Lines(old)).GetProperty("event").GetString());
        Assert.Equal("end", Assert.Single(Lines()).GetProperty("event").GetString());
    }

    [Fact]
    public async Task Everything_is_written_before_the_end() => await WriteManyAsync(CancellationToken.None);

    [Fact]
    public async Task Everything_is_written_though_the_time_to_stop_is_over() => await WriteManyAsync(new CancellationToken(canceled: true));

    private async Task WriteManyAsync(CancellationToken hurry)
    {
        const int Events = 5000;
        await RunAsync(
            File,
            () =>
            {
                for (int i = 0; i < Events; i++)
                {
                    _datapath.FlowLog.Add(Begun with { Slot = (uint)i });
                }
            },
            hurry);

        Assert.Equal(Enumerable.Range(0, Events), Lines().Select(l => l.GetProperty("slot").GetInt32()));
    }

    private List<JsonElement> Lines(string? file = null) =>
        [.. System.IO.File.ReadAllLines(file ?? File).Select(line => JsonDocument.Parse(line).RootElement)];

    private async Task RunAsync(string path, Action body, CancellationToken hurry = default)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(new Recorder(_log)));
        using FakeRelayEngine relays = new();
        using FlowLogWriter writer = new(
            _datapath, relays, new FlowLogTarget(path), _names, _state, TimeProvider.System,
            loggers.CreateLogger<FlowLogWriter>());
        await writer.StartAsync(CancellationToken.None);
        body();
        await writer.StopAsync(hurry).WaitAsync(Deadline, CancellationToken.None);
    }

    private sealed class Recorder(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
