using System.Collections.Immutable;
using System.Net;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary><c>lb.announce</c>: who tells the network where VIPs are.</summary>
internal static class AnnounceKeys
{
    public static readonly ValueKey<AnnounceMode> Mode = new(
        "mode", TextKinds.Choice(("none", AnnounceMode.None), ("arp", AnnounceMode.Arp), ("bgp", AnnounceMode.Bgp)), Restart: true);

    public static readonly ValueKey<ImmutableArray<Located<string>>> Interfaces = new(
        "interfaces",
        new ListKind<string>(
            TextKinds.InterfaceName, 0, "an array of network interfaces", "name interfaces that clients arrive on, as in [eth0]"),
        Restart: true);

    public static readonly ValueKey<ImmutableArray<Located<IPAddress>>> Addresses = new(
        "addresses",
        new ListKind<IPAddress>(AddressKinds.Unicast, 0, "an array of addresses", "list addresses as in [10.0.2.1]"),
        Restart: true);

    public static readonly ValueKey<TimeSpan> Lifetime = new(
        "lifetime", DurationKinds.Within(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1)), Restart: true);

    public static readonly ValueKey<bool> Prefers = new("preempt", TextKinds.Boolean, Restart: true);

    public static readonly SectionKey Key = new(
        "announce", Section.Of(Mode, Interfaces, Addresses, Lifetime, Prefers, Bgp.Key));

    /// <summary><c>lb.announce.bgp</c>.</summary>
    internal static class Bgp
    {
        public static readonly ValueKey<string> Program = new("program", TextKinds.AbsolutePath, Restart: true);

        public static readonly ValueKey<long> LocalAs =
            new("local-as", NumberKinds.AutoOr("none", 0, 1, uint.MaxValue), Restart: true);

        public static readonly ValueKey<IPAddress?> RouterId =
            new("router-id", new NullableKind<IPAddress>(AddressKinds.RouterId), Restart: true);

        public static readonly ValueKey<bool> WithdrawEmpty = new("withdraw-when-empty", TextKinds.Boolean, Restart: true);

        public static readonly ValueKey<TimeSpan> BfdInterval = new(
            "bfd-interval", DurationKinds.Within(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)), Restart: true);

        public static readonly ValueKey<long> BfdMultiplier = new("bfd-multiplier", NumberKinds.Whole(2, 50), Restart: true);

        public static readonly ElementsKey Neighbors = new("neighbors", Neighbor.Section, Restart: true);

        public static readonly SectionKey Key = new(
            "bgp", Section.Of(Program, LocalAs, RouterId, WithdrawEmpty, BfdInterval, BfdMultiplier, Neighbors));
    }

    /// <summary><c>lb.announce.bgp.neighbors.NAME</c>.</summary>
    internal static class Neighbor
    {
        public static readonly ValueKey<IPAddress> Address = new("address", AddressKinds.Unicast, Restart: true);

        public static readonly ValueKey<long> As = new("as", NumberKinds.Whole(1, uint.MaxValue), Restart: true);

        /// <summary>None when absent.</summary>
        public static readonly ValueKey<string> Password =
            new("password", TextKinds.SessionPassword, Required: false, Restart: true);

        /// <summary>On when absent.</summary>
        public static readonly ValueKey<bool> Bfd = new("bfd", TextKinds.Boolean, Required: false, Restart: true);

        /// <summary>On the node's own link when absent.</summary>
        public static readonly ValueKey<long> Hops =
            new("multihop", NumberKinds.Whole(1, 255), Required: false, Restart: true);

        public static readonly Section Section = Section.Of(Address, As, Password, Bfd, Hops);
    }
}
