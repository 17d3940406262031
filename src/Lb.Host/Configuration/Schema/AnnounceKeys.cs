using System.Collections.Immutable;
using System.Net;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary><c>lb.announce</c>: who tells the network where VIPs are.</summary>
internal static class AnnounceKeys
{
    public static readonly ValueKey<AnnounceMode> Mode = new(
        "mode", TextKinds.Choice(("none", AnnounceMode.None), ("arp", AnnounceMode.Arp)), Restart: true);

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
        "announce", Section.Of(Mode, Interfaces, Addresses, Lifetime, Prefers));
}
