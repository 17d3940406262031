using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>A connection of a client, and the one to a backend. Owned by one loop.</summary>
internal sealed partial class RelayConnection(RelayService service, SocketAddress peer)
{
    private List<RelayBackend>? _tried;

    /// <summary>Number in the loop.</summary>
    public int Index { get; set; }

    public RelayService Service { get; } = service;

    /// <summary>What it was accepted under: the address that is connected from, and timeouts.</summary>
    public RelayRoute Route { get; private set; } = service.Route;

    public RelaySide Client { get; } = new();

    public RelaySide Backend { get; } = new();

    /// <summary>The client's address and port: of a trusted proxy's connection those that its header names.</summary>
    public SocketAddress Peer { get; set; } = peer;

    /// <summary>Its beginning, until a backend has been sent the first bytes; null where none is read or sent.</summary>
    public Greeting? Greeting { get; set; }

    /// <summary>What it is connected to a backend from: without a port, unless the client's is kept.</summary>
    public SocketAddress From
    {
        get
        {
            SocketAddress from = Peer;
            if (!Route.Table.KeepsPort)
            {
                from.Port = 0;
            }

            return from;
        }
    }

    /// <summary>The backend that it has, or is being connected to.</summary>
    public RelayBackend? Target { get; set; }

    /// <summary>The backend has answered.</summary>
    public bool Connected { get; set; }

    public bool Closed { get; set; }

    /// <summary>The client has sent something after it was sent something.</summary>
    public bool IsAskedAgain { get; set; }

    /// <summary>The kernel moves its bytes.</summary>
    public bool InKernel { get; set; }

    /// <summary>The kernel is not to have it.</summary>
    public bool StaysOut { get; set; }

    /// <summary>When a byte was moved last or the attempt to connect began, in ms of the loop's clock.</summary>
    public long Since { get; set; }

    /// <summary>The side that is not this one.</summary>
    public RelaySide Other(RelaySide side) => ReferenceEquals(side, Client) ? Backend : Client;

    /// <summary>
    /// The next backend to try, of which room was taken: the one that the service's rule chooses among those that were not
    /// tried. Null when there is no other, or enough were tried.
    /// </summary>
    /// <param name="now">In ms of the loop's clock.</param>
    /// <param name="lack">Why there is none.</param>
    public RelayBackend? NextTarget(long now, out RelayEnd lack)
    {
        _tried ??= [];
        lack = _tried.Count == 0 ? RelayEnd.NoBackend : RelayEnd.ConnectFailed;
        if (_tried.Count >= Route.Settings.Attempts)
        {
            return null;
        }

        while (Route.Choose(Peer, Service, _tried, now, Greeting?.Candidates) is { } target)
        {
            if (target.TryEnter(Route.Settings.Limits.BackendConnections))
            {
                _tried.Add(target);
                return target;
            }
        }

        if (Route.HasFull(_tried, Greeting?.Candidates))
        {
            lack = RelayEnd.Full;
        }

        return null;
    }

    /// <summary>Address that a backend is connected to from; null for one of the node.</summary>
    public SocketAddress? SourceFor(RelayBackend target) =>
        Route.Settings.Source == RelaySource.Client && (Greeting is null || Peer.CanReach(target.Address)) ? From : null;
}
