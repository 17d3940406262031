using System.Diagnostics;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What is known of a connection from its first byte to its end.</summary>
internal sealed partial class RelayConnection
{
    private long _mark;

    /// <summary>When it was accepted, in ms of the loops' clock.</summary>
    public long Began { get; set; }

    /// <summary>Payload from the client.</summary>
    public long ToBackend { get; private set; }

    /// <summary>Payload from the backend.</summary>
    public long ToClient { get; private set; }

    /// <summary>It counts among those of its client.</summary>
    public bool CountsForSource { get; set; }

    /// <summary>It has no backend because all are full, and waits for one.</summary>
    public bool Waits { get; set; }

    /// <summary>What stands for its client.</summary>
    public ulong Source
    {
        get
        {
            SocketAddress from = Peer;
            return RelaySources.Of(from.Address);
        }
    }

    /// <summary>Goes on from what another process knew of it.</summary>
    public void Continue(long began, long toBackend, long toClient)
    {
        Began = began;
        ToBackend = toBackend;
        ToClient = toClient;
    }

    /// <summary>It goes by what holds for its service now.</summary>
    public void Renew()
    {
        Route = Service.Route;
        CountsForSource = Route.Settings.Limits.SourceConnections > 0 && Service.Sources.TryTake(Source, int.MaxValue);
        ChooseLogging();
        Mark();
    }

    /// <summary>Time is taken from here to the answer.</summary>
    public void BeginConnect() => Mark();

    /// <summary>The backend has accepted.</summary>
    public void OnConnected(long now)
    {
        Observe(now);
        Mark();
    }

    public void CarryToBackend(long bytes)
    {
        if (ToBackend == 0 && ToClient == 0)
        {
            Mark();
        }

        IsAskedAgain = ToClient > 0;
        ToBackend += bytes;
    }

    public void CarryToClient(long bytes)
    {
        if (ToClient == 0)
        {
            Observe(Environment.TickCount64);
            Target!.Outlier.Succeed();
        }

        ToClient += bytes;
    }

    /// <summary>How it ended when reading from, or writing to, a side has failed.</summary>
    public RelayEnd LossOf(RelaySide side, Errno errno) => (ReferenceEquals(side, Client), errno) switch
    {
        (true, Errno.ETIMEDOUT or Errno.EHOSTUNREACH or Errno.ENETUNREACH) => RelayEnd.ClientLost,
        (true, _) => RelayEnd.ClientReset,
        (false, Errno.ETIMEDOUT or Errno.EHOSTUNREACH or Errno.ENETUNREACH) => RelayEnd.BackendLost,
        (false, _) => RelayEnd.BackendReset,
    };

    /// <summary>How it ended when a side has got its FIN last, and so has sent its own first.</summary>
    public RelayEnd FinOf(RelaySide last) =>
        ReferenceEquals(last, Client) ? RelayEnd.ClientFin : RelayEnd.BackendFin;

    private void Mark()
    {
        if (Route.Measures)
        {
            _mark = Stopwatch.GetTimestamp();
        }
    }

    private void Observe(long now)
    {
        if (Route.Measures && Target is { } target)
        {
            target.Load.Latency.Add(Stopwatch.GetElapsedTime(_mark).TotalMicroseconds, now);
        }
    }
}
