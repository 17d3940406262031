using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>A flow as the model remembers it; time is not part of the model.</summary>
internal readonly record struct FlowState(uint Backend, uint Service, uint Slot);

/// <summary>All that the datapath's answer to a packet depends on.</summary>
internal sealed class World
{
    public const uint Unlimited = uint.MaxValue;

    /// <summary>How many counters of identifications there are.</summary>
    public const uint IdCounters = 4096;

    /// <summary>What they begin with, in the tests: soon more than IPv4 has room for.</summary>
    public const uint FirstId = 0xfffd;

    public Dictionary<Endpoint, ServiceEntry> Services { get; } = [];
    public Dictionary<uint, Slot[]> Tables { get; } = [];
    public Dictionary<uint, BackendEntry> Backends { get; } = [];
    public Dictionary<Endpoint, NatEntry> Nat { get; } = [];
    public HashSet<IPNetwork> Direct { get; } = [];

    /// <summary>Backends that QUIC connection IDs name, by server ID.</summary>
    public Dictionary<ServerIdKey, uint> ServerIds { get; } = [];

    /// <summary>Connections of the host's own sockets, each by its own end and its peer's.</summary>
    public HashSet<(IPEndPoint Local, IPEndPoint Remote)> Sockets { get; } = [];
    public Dictionary<Flow, FlowState> Flows { get; } = [];
    public Dictionary<Flow, FlowState> Pending { get; } = [];

    /// <summary>Clients that keep their backend when the table changes.</summary>
    public Dictionary<ClientId, ClientState> Clients { get; } = [];

    /// <summary>Datagrams of which the first fragment has come; time is not part of the model.</summary>
    public Dictionary<FragmentId, FragmentState> Fragments { get; } = [];

    /// <summary>Addresses that full-nat sends from.</summary>
    public HashSet<FullNatSource> Sources { get; } = [];

    /// <summary>Entries of full-nat, each under the ends of its packets: of flows that both ends have a part in.</summary>
    public Dictionary<Flow, FullState> Full { get; } = [];

    /// <summary>The others.</summary>
    public Dictionary<Flow, FullState> FullNew { get; } = [];

    /// <summary>The identifications that full-nat gives next, by a hash of both addresses, where it is not the first.</summary>
    public Dictionary<uint, uint> FullIds { get; } = [];

    /// <summary>Takes the identification of a datagram that comes in fragments and becomes one between these addresses.</summary>
    public uint TakeId(IPAddress source, IPAddress destination)
    {
        Flow ends = new(source.MapToIPv6(), 0, destination.MapToIPv6(), 0, default);
        uint counter = FlowHashModel.Of(ends, 0) % IdCounters;
        uint id = FullIds.GetValueOrDefault(counter, FirstId);
        FullIds[counter] = id + 1;
        return id;
    }

    /// <summary>Later fragments that full-nat has sent to backends, and to clients.</summary>
    public int Followed { get; set; }

    /// <inheritdoc cref="Followed"/>
    public int Returned { get; set; }

    /// <summary>Where the host would send a packet for an address.</summary>
    public Func<IPAddress, Route> Routes { get; set; } = _ => Route.None;

    /// <summary>Interface that packets come from.</summary>
    public int Ingress { get; set; } = 1;

    /// <summary>Longest packet that the interface takes which packets come from.</summary>
    public int IngressMtu { get; set; } = Lab.Scene.Mtu;

    /// <summary>Flow entries that may still be created.</summary>
    public uint Budget { get; set; } = Unlimited;

    /// <summary>Takes one from the budget of entries; false when it is spent.</summary>
    public bool SpendBudget()
    {
        if (Budget == 0)
        {
            return false;
        }

        Budget -= Budget == Unlimited ? 0 : 1u;
        return true;
    }

    /// <summary>There are other nodes, which are told of entries.</summary>
    public bool IsShared { get; set; }

    /// <summary>How many look-ups have found a service of a prefix or a range of ports.</summary>
    public int Ranged { get; set; }

    /// <summary>How many look-ups have found a backend of nat by a range of its ports.</summary>
    public int RangedReplies { get; set; }

    /// <summary>How many packets have gone where their connection IDs say.</summary>
    public int Named { get; set; }

    /// <summary>What they are told, oldest first.</summary>
    public List<FlowNews> News { get; } = [];

    /// <summary>Tells other nodes of an entry, if there are any.</summary>
    public void Tell(FlowNews news)
    {
        if (IsShared)
        {
            News.Add(news);
        }
    }

    /// <summary>An address with a service, or inside a prefix that has one.</summary>
    public bool IsVip(IPAddress address)
    {
        foreach (Endpoint vip in Services.Keys)
        {
            if (HasAddress(vip, address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The service of a packet's destination: among those that have its address and port that with the longest prefix,
    /// among these that with the fewest ports.
    /// </summary>
    public bool TryGetService(Endpoint to, [NotNullWhen(true)] out ServiceEntry? service)
    {
        service = null;
        (int Bits, int Ports, int First) least = (int.MaxValue, 0, 0);
        foreach ((Endpoint vip, ServiceEntry entry) in Services)
        {
            if (vip.Protocol != to.Protocol || to.Port < vip.Port || to.Port > vip.HighestPort || !HasAddress(vip, to.Address))
            {
                continue;
            }

            (int Bits, int Ports, int First) fit = (vip.OpenBits, vip.HighestPort - vip.Port, vip.Port);
            if (fit.CompareTo(least) < 0)
            {
                least = fit;
                service = entry;
            }
        }

        Ranged += service is not null && !Services.ContainsKey(to) ? 1 : 0;
        return service is not null;
    }

    /// <summary>Whether all bits of an address are those of a VIP, but for its open ones.</summary>
    private static bool HasAddress(Endpoint vip, IPAddress address) =>
        vip.Address.AddressFamily == address.AddressFamily
        && Number(vip.Address) >> vip.OpenBits == Number(address) >> vip.OpenBits;

    private static BigInteger Number(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    /// <summary>Replies of full-nat can only come where the node has an address of the family for it.</summary>
    public bool HasSources(AddressFamily family)
    {
        foreach (FullNatSource source in Sources)
        {
            if (source.Address.AddressFamily == family)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Replies can only come where some backend of the family has an entry.</summary>
    public bool HasNat(AddressFamily family)
    {
        foreach (Endpoint backend in Nat.Keys)
        {
            if (backend.Address.AddressFamily == family)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What a packet of a backend becomes: by the entry of just its port, else by that of the fewest ports that have it; null when
    /// there is none.
    /// </summary>
    public NatEntry? ReplyOf(Endpoint from)
    {
        if (Nat.TryGetValue(from, out NatEntry? found))
        {
            return found;
        }

        (int Ports, int First) least = (int.MaxValue, 0);
        foreach ((Endpoint source, NatEntry entry) in Nat)
        {
            (int Ports, int First) fit = (source.HighestPort - source.Port, source.Port);
            if (source.IsRange && source.Protocol == from.Protocol && source.Address.Equals(from.Address)
                && from.Port >= source.Port && from.Port <= source.HighestPort && fit.CompareTo(least) < 0)
            {
                least = fit;
                found = entry;
            }
        }

        RangedReplies += found is null ? 0 : 1;
        return found;
    }

    public bool IsDirect(IPAddress address)
    {
        foreach (IPNetwork prefix in Direct)
        {
            if (prefix.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A copy that changes on its own.</summary>
    public World Copy()
    {
        var copy = new World { Routes = Routes, Ingress = Ingress, Budget = Budget, IsShared = IsShared };
        CopyTo(Services, copy.Services);
        CopyTo(Backends, copy.Backends);
        CopyTo(Nat, copy.Nat);
        CopyTo(ServerIds, copy.ServerIds);
        CopyTo(Flows, copy.Flows);
        CopyTo(Pending, copy.Pending);
        CopyTo(Clients, copy.Clients);
        CopyTo(Full, copy.Full);
        CopyTo(FullNew, copy.FullNew);
        copy.Sources.UnionWith(Sources);
        CopyTo(Fragments, copy.Fragments);
        CopyTo(FullIds, copy.FullIds);
        copy.Direct.UnionWith(Direct);
        copy.Sockets.UnionWith(Sockets);
        foreach ((uint index, Slot[] slots) in Tables)
        {
            copy.Tables[index] = [.. slots];
        }

        return copy;
    }

    private static void CopyTo<TKey, TValue>(Dictionary<TKey, TValue> from, Dictionary<TKey, TValue> to)
        where TKey : notnull
    {
        foreach ((TKey key, TValue value) in from)
        {
            to[key] = value;
        }
    }
}
