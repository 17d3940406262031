using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What one loop has of a UDP service: a socket at the VIP and port, and the flows of those that come by it.</summary>
internal sealed unsafe class DatagramPort(RelayService service, int socket, int index)
{
    private const int DropsAt = 8; // SK_MEMINFO_DROPS
    private const int Numbers = 9; // SK_MEMINFO_VARS
    private readonly Dictionary<FlowKey, DatagramFlow> _flows = [];
    private readonly Dictionary<ProxiedFlowKey, DatagramFlow> _proxied = [];
    private uint _missed;

    public RelayService Service { get; } = service;

    /// <summary>Receives from every client of the loop and answers them.</summary>
    public int Socket { get; } = socket;

    /// <summary>Number in the loop.</summary>
    public int Index { get; } = index;

    /// <summary>When it was last said that a flow cannot be had, in ms of the loop's clock.</summary>
    public long Complained { get; set; } = long.MinValue / 2;

    /// <summary>All flows, as they are now.</summary>
    public DatagramFlow[] Flows => [.. _flows.Values, .. _proxied.Values];

    /// <summary>The flow of a client; null when there is none.</summary>
    /// <param name="client">The client.</param>
    /// <param name="peer">Who has sent the datagram: a proxy, or the client.</param>
    /// <param name="proxied">A header names the client.</param>
    public DatagramFlow? Find(SocketAddress client, SocketAddress peer, bool proxied) => proxied
        ? _proxied.GetValueOrDefault(new ProxiedFlowKey(FlowKey.Of(client), FlowKey.Of(peer)))
        : _flows.GetValueOrDefault(FlowKey.Of(client));

    /// <summary>Adds a flow.</summary>
    public void Add(DatagramFlow flow)
    {
        if (flow.Proxied)
        {
            _proxied.Add(new ProxiedFlowKey(FlowKey.Of(flow.Client), FlowKey.Of(flow.Peer)), flow);
        }
        else
        {
            _flows.Add(FlowKey.Of(flow.Client), flow);
        }
    }

    /// <summary>Removes a flow.</summary>
    public void Remove(DatagramFlow flow)
    {
        if (flow.Proxied)
        {
            _proxied.Remove(new ProxiedFlowKey(FlowKey.Of(flow.Client), FlowKey.Of(flow.Peer)));
        }
        else
        {
            _flows.Remove(FlowKey.Of(flow.Client));
        }
    }

    /// <summary>Counts what the kernel dropped since the last call because the socket's buffer was full.</summary>
    public void CountMissed()
    {
        uint* numbers = stackalloc uint[Numbers];
        uint size = Numbers * sizeof(uint);
        if (LibC.GetOption(Socket, LibC.LevelSocket, LibC.MemoryInformation, (int*)numbers, &size) == 0
            && numbers[DropsAt] != _missed)
        {
            Service.Datagrams!.AddLost(numbers[DropsAt] - _missed);
            _missed = numbers[DropsAt];
        }
    }
}
