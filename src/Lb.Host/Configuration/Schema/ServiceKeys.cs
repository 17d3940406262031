using System.Net;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary><c>lb.services.NAME</c>, and <c>lb.service-defaults</c>, which it inherits from.</summary>
internal static class ServiceKeys
{
    /// <summary>Slots chosen by the size of the pool.</summary>
    public const long AutoSlots = 0;

    /// <summary>Largest prime below 2^22: 32 MiB of kernel memory for one table.</summary>
    public const long MostSlots = 4194301;

    public static readonly ValueKey<IPNetwork> Vip = new("vip", AddressKinds.UnicastOrPrefix);

    public static readonly ValueKey<PortRange> Port = new("port", NumberKinds.PortOrRange);

    public static readonly ElementsKey Backends = new("backends", BackendKeys.Section);

    public static readonly ValueKey<TransportProtocol> Protocol = new(
        "protocol",
        TextKinds.Choice(
            ("tcp", TransportProtocol.Tcp), ("udp", TransportProtocol.Udp), ("sctp", TransportProtocol.Sctp)));

    public static readonly ValueKey<ForwardingMode> Mode = new(
        "mode", TextKinds.Choice([.. ForwardingModes.All]));

    public static readonly ValueKey<long> GuePort = new("gue-port", NumberKinds.Port);

    /// <summary>Both ends of a connection announce what they like.</summary>
    public const long AnyMss = 0;

    /// <summary>What every host of IPv4 takes (RFC 9293), up to what a packet has room for.</summary>
    public static readonly ValueKey<long> Mss = new("mss", NumberKinds.AutoOr("off", AnyMss, 536, 65_495));

    public static readonly ValueKey<HookChoice> Datapath = new(
        "datapath", TextKinds.Choice(("auto", HookChoice.Auto), ("xdp", HookChoice.Xdp), ("tc", HookChoice.Tc)));

    public static readonly ValueKey<bool> Affinity = new("affinity", TextKinds.Choice(("none", false), ("source", true)));

    public static readonly ValueKey<long> AffinityPrefix4 = new("affinity-prefix4", NumberKinds.Whole(1, 32));

    public static readonly ValueKey<long> AffinityPrefix6 = new("affinity-prefix6", NumberKinds.Whole(1, 128));

    /// <summary>A tick of the data plane is about a second.</summary>
    public static readonly ValueKey<TimeSpan> AffinityTimeout = new(
        "affinity-timeout", DurationKinds.WordOr("off", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));

    public static readonly ValueKey<DeadFlows> DeadFlows = new(
        "dead-flows", TextKinds.Choice(("rehash", Actors.DeadFlows.Rehash), ("reset", Actors.DeadFlows.Reset)));

    public static readonly SectionKey Quic = new("quic", QuicKeys.Section);

    public static readonly ValueKey<Tracking> Tracking = new(
        "tracking",
        TextKinds.Choice(
            ("minimal", Kernel.Tracking.Minimal), ("full", Kernel.Tracking.Full), ("none", Kernel.Tracking.None)));

    public static readonly ValueKey<FlowLogging> FlowLog = new(
        "flow-log",
        TextKinds.Choice(
            ("off", FlowLogging.Off), ("sampled", FlowLogging.Sampled), ("full", FlowLogging.Full)));

    public static readonly ValueKey<TimeSpan> FlowMemory = new(
        "flow-memory", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));

    public static readonly ValueKey<long> Slots = new("slots", NumberKinds.AutoOr("auto", AutoSlots, 2, MostSlots));

    public static readonly ValueKey<long> Weight = new("weight", BackendKeys.WeightKind);

    public static readonly SectionKey Health = new("health", HealthKeys.Section);

    public static readonly SectionKey Relay = new("relay", RelayKeys.Section);

    public static readonly Section DefaultsSection =
        new([Protocol, Mode, Datapath, GuePort, Mss, Affinity, AffinityTimeout, AffinityPrefix4, AffinityPrefix6, Quic, Tracking, FlowMemory, DeadFlows, FlowLog, Slots, Weight, .. PoolKeys.Keys, Health, Relay]);

    public static readonly Section Section = new([Vip, Port, .. DefaultsSection.Keys, Backends]);
}
