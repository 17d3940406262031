using Lb.Kernel.Interception;
using Lb.Kernel.Relays;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>
/// Relays by loops around epoll, one thread for each CPU. A connection stays with the loop that accepted it. The
/// threads start with the first relay.
/// </summary>
/// <param name="logger">Where the loops say what befalls them.</param>
/// <param name="options">The node's, which say whether packets of its sockets are marked.</param>
/// <param name="listeners">Is told where they listen; null for nobody.</param>
public sealed partial class RelayEngine(
    ILogger<RelayEngine> logger, DatapathOptions options, RelayListeners? listeners = null) : IRelayEngine
{
    private const int Backlog = 4096; // net.core.somaxconn limits it
    private readonly Lock _lock = new();
    private RelayLoop[] _loops = [];
    private bool _disposed;

    /// <inheritdoc/>
    public IRelayFlowLog? FlowLog => Flows;

    /// <summary>The writing end of the flow log.</summary>
    internal RelayFlowLog Flows { get; } = new();

    internal int LoopCount => _loops.Length;

    internal uint Mark { get; } = SiteInterception.SocketMark(options);

    /// <inheritdoc/>
    public IRelay Listen(Endpoint vip, RelaySettings settings, RelayTable table)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(table);
        StartLoops();
        Prepare(settings);
        TakeOver();
        if (vip.Protocol == TransportProtocol.Udp)
        {
            return ListenForDatagrams(vip, settings, table);
        }

        if (Claim(vip) is not { } service)
        {
            service = new(this, vip, RelaySockets.Listen(vip, Backlog, Mark), settings, table);
        }
        else
        {
            service.Use(settings, table);
            Post(loop => loop.Renew(service));
        }

        Keep(service);
        listeners?.Add(vip, service.Listener);
        service.Start();
        return service;
    }

    /// <summary>Ends all relays: connections are reset.</summary>
    public void Dispose()
    {
        RelayLoop[] loops;
        lock (_lock)
        {
            _disposed = true;
            loops = _loops;
        }

        foreach (RelayLoop loop in loops)
        {
            loop.Dispose();
        }

        _take = null;
        DropUnclaimed(new HashSet<Endpoint>());
    }

    internal void Post(Action<RelayLoop> work)
    {
        foreach (RelayLoop loop in _loops)
        {
            loop.Post(work);
        }
    }

    private RelayService ListenForDatagrams(Endpoint vip, RelaySettings settings, RelayTable table)
    {
        RelayService? service = Claim(vip);
        if (service is null)
        {
            service = new(this, vip, -1, settings, table) { Datagrams = DatagramSockets.Listen(vip, LoopCount, Mark) };
        }
        else
        {
            service.Use(settings, table);
        }

        Keep(service);
        listeners?.Add(vip, service.Datagrams!.First);
        service.Start();
        return service;
    }

    private void StartLoops()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_loops.Length == 0)
            {
                _loops = [.. Enumerable.Range(1, RelayLoop.Most)
                    .Select(number => new RelayLoop(number, logger))];
            }
        }
    }
}
