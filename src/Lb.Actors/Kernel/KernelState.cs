using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>All of the kernel's forwarding state, as read or as desired. Not changed after it is made.</summary>
/// <param name="Services">Services by VIP.</param>
/// <param name="Backends">Backends by index.</param>
/// <param name="Tables">Tables by index.</param>
/// <param name="Nat">The reply side of nat by the backend's endpoint.</param>
/// <param name="Direct">Prefixes whose traffic with backends is left alone.</param>
internal sealed record KernelState(
    IReadOnlyDictionary<Endpoint, ServiceEntry> Services,
    IReadOnlyDictionary<uint, BackendEntry> Backends,
    IReadOnlyDictionary<uint, Slot[]> Tables,
    IReadOnlyDictionary<Endpoint, NatEntry> Nat,
    IReadOnlySet<IPNetwork> Direct)
{
    /// <summary>Addresses that are marked as VIPs: those of the services, unless read otherwise.</summary>
    public IReadOnlySet<IPAddress> Vips { get; init; } = Services.Keys.Where(vip => !vip.IsRange).Select(vip => vip.Address).ToHashSet();

    /// <summary>The services of prefixes and port ranges that packets find.</summary>
    public IReadOnlySet<Endpoint> Ranges { get; init; } = Services.Keys.Where(vip => vip.IsRange).ToHashSet();

    /// <summary>The backends of nat with ranges of ports whose replies are found.</summary>
    public IReadOnlySet<Endpoint> NatRanges { get; init; } = Nat.Keys.Where(source => source.IsRange).ToHashSet();

    /// <summary>Backends that QUIC connection IDs name, by server ID.</summary>
    public IReadOnlyDictionary<ServerIdKey, uint> ServerIds { get; init; } = new Dictionary<ServerIdKey, uint>();

    /// <summary>Services whose packets go to relays, and what takes them there.</summary>
    public IReadOnlySet<Intercept> Intercepted { get; init; } = new HashSet<Intercept>();

    /// <summary>Why it is that; empty in what was read.</summary>
    public ImmutableDictionary<Endpoint, InterceptionChoice> Choices { get; init; } =
        ImmutableDictionary<Endpoint, InterceptionChoice>.Empty;

    /// <summary>Sampled services log one flow in so many.</summary>
    public int LogSample { get; init; }

    /// <summary>There are other nodes that are to have entries of flows.</summary>
    public bool Shared { get; init; }

    /// <summary>Addresses that full-nat sends from.</summary>
    public IReadOnlySet<FullNatSource> Sources { get; init; } = new HashSet<FullNatSource>();

    /// <summary>Reads everything.</summary>
    /// <param name="datapath">The kernel.</param>
    /// <param name="tables">Tables that may be there without a service that names them.</param>
    /// <param name="expected">What it may be like: tables that are so are not copied.</param>
    public static KernelState Read(IDatapath datapath, IEnumerable<uint> tables, KernelState? expected = null)
    {
        IReadOnlyDictionary<Endpoint, ServiceEntry> services = datapath.ReadServices();
        Dictionary<uint, Slot[]> read = [];
        foreach (uint index in services.Values.Where(s => s.Slots > 0).Select(s => s.Table).Concat(tables).Distinct())
        {
            if (datapath.ReadTable(index, expected?.Tables.GetValueOrDefault(index)) is { } slots)
            {
                read[index] = slots;
            }
        }

        return new KernelState(
            services, datapath.ReadBackends(), read, datapath.ReadNat(), datapath.ReadDirect())
        {
            Vips = datapath.ReadVips(),
            Ranges = datapath.ReadRanges(),
            NatRanges = datapath.ReadNatRanges(),
            ServerIds = datapath.ReadServerIds(),
            LogSample = datapath.ReadLogSample(),
            Shared = datapath.ReadShared(),
            Sources = datapath.ReadFullNatSources(),
            Intercepted = datapath.ReadIntercepted(),
        };
    }
}
