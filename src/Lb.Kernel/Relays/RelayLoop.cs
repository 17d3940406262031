using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Relays;

/// <summary>One thread that waits for sockets and moves what they have. Everything but posting happens on it.</summary>
internal sealed unsafe partial class RelayLoop : IDisposable
{
    /// <summary>Loops that there are at most: one for each CPU.</summary>
    public static readonly int Most = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary><see cref="Current"/> of other threads.</summary>
    public const int None = 0;

    private const int MostEvents = 256;
    private const int TickMilliseconds = 200;
    private const ulong WakeMark = ulong.MaxValue;
    private const ulong ListenerMark = 1ul << 63;

    [ThreadStatic]
    private static int t_current;

    private readonly ConcurrentQueue<Action<RelayLoop>> _work = [];
    private readonly List<RelayConnection?> _connections = [];
    private readonly Stack<int> _free = [];
    private readonly List<int> _justClosed = [];
    private List<(RelayConnection Connection, RelaySide From)> _again = [];
    private List<(RelayConnection Connection, RelaySide From)> _againNow = [];
    private readonly List<RelayService?> _services = [];
    private readonly HashSet<RelayService> _paused = [];
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly int _epoll;
    private readonly int _wake;
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferSize);
    private long _now = Environment.TickCount64;
    private int _open;
    private readonly int _number;
    private volatile bool _ending;

    /// <summary>Starts it.</summary>
    /// <param name="number">From 1 on.</param>
    /// <param name="logger">For what it cannot do.</param>
    public RelayLoop(int number, ILogger logger)
    {
        _number = number;
        _logger = logger;
        _epoll = Failure.CheckErrno(LibC.EpollCreate(LibC.EpollCloseOnExec), "epoll_create1");
        _wake = Failure.CheckErrno(LibC.Event(0, LibC.EventCloseOnExec | LibC.NonBlocking), "eventfd");
        Failure.CheckErrno(Control(LibC.EpollAdd, _wake, EpollEvents.In, WakeMark), "epoll_ctl");
        _thread = new Thread(Run) { IsBackground = true, Name = $"lb-relay-{number}" };
        _thread.Start();
    }

    /// <summary>Number of the loop that the calling thread is; <see cref="None"/> when it is none.</summary>
    public static int Current => t_current;

    /// <summary>Has the loop do something; any thread may ask.</summary>
    public void Post(Action<RelayLoop> work)
    {
        if (_ending)
        {
            return;
        }

        _work.Enqueue(work);
        ulong one = 1;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Ends the loop and resets its connections.</summary>
    public void Dispose()
    {
        Post(loop => loop._ending = true);
        _thread.Join();
    }

    /// <summary>Waits for connections of a service.</summary>
    public void Watch(RelayService service)
    {
        if (service.Datagrams is not null)
        {
            WatchDatagrams(service);
        }
        else
        {
            WatchConnections(service);
        }
    }

    private void WatchConnections(RelayService service)
    {
        int at = _services.IndexOf(null);
        if (at < 0)
        {
            at = _services.Count;
            _services.Add(null);
        }

        _services[at] = service;
        Listen(service, at);
    }

    /// <summary>Accepts nothing more for a service, and resets what it has.</summary>
    public void End(RelayService service)
    {
        EndDatagrams(service);
        if (_services.IndexOf(service) is var at and >= 0)
        {
            EndConnections(service, at);
        }

        service.AddEnded();
    }

    private void EndConnections(RelayService service, int at)
    {
        _services[at] = null;
        if (!Forget(service))
        {
            Control(LibC.EpollDelete, service.Listener, EpollEvents.None, 0);
        }

        ResetWhere(
            connection => ReferenceEquals(connection.Service, service) ? RelayEnd.Ended : null);
        service.Unwatched();
    }

    /// <summary>Resets the connections that a service has to some backends, each for its reason.</summary>
    public void Cut(RelayService service, ImmutableDictionary<Endpoint, RelayEnd> backends)
    {
        CutDatagrams(service, backends);
        ResetWhere(connection =>
            ReferenceEquals(connection.Service, service)
            && connection.Target is { } target
            && backends.TryGetValue(target.Socket, out RelayEnd end) ? end : null);
    }

    private void Run()
    {
        t_current = _number;
        try
        {
            byte* events = stackalloc byte[MostEvents * EpollEvent.MostSize];
            long tick = _now;
            while (!_ending)
            {
                int count = LibC.EpollWait(_epoll, events, MostEvents, WaitTime());
                _now = Environment.TickCount64;
                for (int i = 0; i < count; i++)
                {
                    byte* happened = events + (i * EpollEvent.Size);
                    Handle(EpollEvent.Events(happened), EpollEvent.Data(happened));
                }

                MoveAgain();
                SettleAgain();
                LeaveWhenSettled();
                if (_now - tick >= TickMilliseconds)
                {
                    tick = _now;
                    OnTick();
                }

                FreeClosed();
            }

            if (_leaving)
            {
                KeepWhatIsInPipes();
            }

            foreach (RelayService service in _services.OfType<RelayService>().Where(_ => !_leaving).ToArray())
            {
                End(service);
            }

            foreach (DatagramPort port in Ports.Where(_ => !_leaving).ToArray())
            {
                EndDatagrams(port.Service);
            }
        }
        catch (Exception reason)
        {
            // Not to be: every call's failure is handled where it is made.
            Log.RelayLoopFailed(_logger, reason);
            throw;
        }
        finally
        {
            _pipes.Dispose();
            if (!_leaving)
            {
                _pairs?.Dispose();
            }

            _ = LibC.Close(_wake);
            _ = LibC.Close(_epoll);
            NativeMemory.Free(_buffer);
        }
    }

    private int WaitTime() => _again.Count > 0 ? 0
        : _settling.Count > 0 && (_now < _hasteUntil || _leaveBy > 0) ? 1
        : _open + _paused.Count + _pipes.Count > 0 ? TickMilliseconds
        : Timeout.Infinite;

    private void Handle(EpollEvents events, ulong data)
    {
        if (data == CallsMark)
        {
            OnCalls();
        }
        else if (data == WakeMark)
        {
            ulong count;
            _ = LibC.Read(_wake, &count, sizeof(ulong));
            while (_work.TryDequeue(out Action<RelayLoop>? work))
            {
                work(this);
            }
        }
        else if ((data & DatagramMark) != 0)
        {
            HandleDatagrams(data);
        }
        else if ((data & ListenerMark) != 0)
        {
            int at = (int)(data & ~ListenerMark);
            if (_services[at] is { } service)
            {
                Accept(service);
            }
        }
        else if (_connections[(int)(data >> 1)] is { Closed: false } connection)
        {
            RelaySide side = (data & 1) == 0 ? connection.Client : connection.Backend;
            OnReady(connection, side, events);
        }
    }

    private void OnTick()
    {
        ExpireFlows();
        _pipes.Trim();
        foreach (RelayService service in _paused.Where(service => !service.IsFull).ToArray())
        {
            Unpause(service);
        }

        foreach (RelayConnection? connection in _connections)
        {
            if (connection is not { Closed: false })
            {
                continue;
            }

            CheckTime(connection);
        }
    }

    private void Listen(RelayService service, int at) => Control(
        LibC.EpollAdd, service.Listener, EpollEvents.In | EpollEvents.Exclusive, ListenerMark | (uint)at);

    private void ResetWhere(Func<RelayConnection, RelayEnd?> why)
    {
        foreach (RelayConnection connection in _connections.OfType<RelayConnection>().ToArray())
        {
            if (!connection.Closed && why(connection) is { } end)
            {
                Reset(connection, end);
            }
        }
    }

    /// <summary>Numbers are given out anew only when no event of this round can name them any more.</summary>
    private void FreeClosed()
    {
        FreeClosedFlows();
        foreach (int index in _justClosed)
        {
            _connections[index] = null;
            _free.Push(index);
        }

        _justClosed.Clear();
    }

    private int Control(int operation, int socket, EpollEvents wanted, ulong data)
    {
        byte* record = stackalloc byte[EpollEvent.MostSize];
        EpollEvent.Write(record, wanted, data);
        return LibC.EpollControl(_epoll, operation, socket, record);
    }
}
