using System.Buffers;
using System.Text.Json;
using Lb.Host.Logging;
using Lb.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lb.Host.FlowLog;

/// <summary>
/// Reads the flow log of the kernel and writes it as lines of JSON, on a thread of its own: whatever the file does to it,
/// forwarding, health checks and the API go on. Events that find no room meanwhile are lost and counted.
/// </summary>
internal sealed class FlowLogWriter : IHostedService, IDisposable
{
    /// <summary>Events in one write.</summary>
    private const int Batch = 512;

    /// <summary>Batches after which it looks up: whether it is to end, or to open the file anew.</summary>
    private const int MostBatches = 64;

    /// <summary>At least so often it looks whether events were lost.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Where relays log: they wake it for many events only, not for each.</summary>
    private static readonly TimeSpan LongestWaitForRelays = TimeSpan.FromMilliseconds(200);

    /// <summary>Where the kernel cannot be read, events are told by their numbers.</summary>
    private static readonly TimeSpan LongestWithoutNames = TimeSpan.FromSeconds(10);

    private readonly IDatapath _datapath;
    private readonly string _path;
    private readonly FlowLogNames _names;
    private readonly FlowLogState _state;
    private readonly IRelayFlowLog? _relays;
    private readonly FlowLogLosses _losses;
    private readonly ILogger _log;
    private readonly FlowLogFile _file;
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly CancellationTokenSource _ending = new();
    private Thread? _thread;
    private IFlowLog? _source;
    private bool _failing;

    public FlowLogWriter(
        IDatapath datapath,
        IRelayEngine relays,
        FlowLogTarget target,
        FlowLogNames names,
        FlowLogState state,
        TimeProvider clock,
        ILogger<FlowLogWriter> log)
    {
        _datapath = datapath;
        _relays = relays.FlowLog;
        state.Relays = _relays;
        _path = target.Path;
        _names = names;
        _state = state;
        _log = log;
        _losses = new FlowLogLosses(clock, log);
        _file = new FlowLogFile(target.Path);
        _json = new Utf8JsonWriter(_lines);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _source = _datapath.OpenFlowLog();
        _losses.Start(_source.ReadCounts());
        _state.Wake = _source.Wake;
        _relays?.Crowded = _source.Wake;
        _thread = new Thread(Run) { IsBackground = true, Name = "flow log" };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes what is there, and ends; also where the host's time to stop was over before it came to this.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _ending.Cancel();
        _source?.Wake();
        return _thread is null ? Task.CompletedTask : Task.Run(_thread.Join, CancellationToken.None);
    }

    public void Dispose()
    {
        _state.Wake = null;
        _relays?.Crowded = null;
        _ending.Dispose();
        _json.Dispose();
        _file.Dispose();
        _source?.Dispose();
    }

    private void Run()
    {
        try
        {
            Try(_file.Open);
            // Events wait from before the start where another process was here; they have names as soon as the
            // bridge has read the kernel.
            _names.WaitUntilKnown(LongestWithoutNames, _ending.Token);
            while (!_ending.IsCancellationRequested)
            {
                _source!.Wait(_relays is { IsOpen: true } ? LongestWaitForRelays : LongestWait);
                if (_state.TakeReopen())
                {
                    _file.Close();
                    Try(_file.Open);
                }

                Drain();
            }

            Drain();
        }
        catch (Exception e)
        {
            _log.FlowLogEnded(e);
        }
    }

    private void Drain()
    {
        int count = Batch;
        int relayed = 0;
        for (int batch = 0; (count == Batch || relayed == Batch) && batch < MostBatches; batch++)
        {
            _lines.ResetWrittenCount();
            count = _source!.Read(happened => Add(json => FlowLogLine.Write(json, happened, _names.Current)), Batch);
            relayed = _relays?.Read(
                happened => Add(json => RelayLogLine.Write(json, happened, _names.Current)), Batch) ?? 0;
            FlowLogLosses.Reading losses = _losses.Read(_source.ReadCounts(), _relays?.Lost ?? 0, _state.Unwritten);
            foreach ((string reason, long lost) in losses.ByReason)
            {
                Add(json => FlowLogLine.WriteLost(json, losses.Time, reason, lost));
            }

            if (_lines.WrittenCount == 0)
            {
                return;
            }

            if (Try(() => _file.Write(_lines.WrittenSpan)))
            {
                _losses.Told(losses);
            }
            else
            {
                _state.AddUnwritten(count + relayed);
            }
        }
    }

    private void Add(Action<Utf8JsonWriter> write)
    {
        _json.Reset();
        write(_json);
        _json.Flush();
        _lines.Write("\n"u8);
    }

    /// <summary>What goes wrong with the file is said once, and when it works again.</summary>
    private bool Try(Action action)
    {
        try
        {
            action();
            if (_failing)
            {
                _failing = false;
                _log.FlowLogRecovered(_path);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
            {
                _failing = true;
                _log.FlowLogFailed(_path, e.Message);
            }

            return false;
        }
    }
}
