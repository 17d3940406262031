using System.Collections.Immutable;
using System.Net;

namespace Lb.Host.Configuration;

/// <summary><c>lb.full-nat</c>: the node's own addresses for that mode.</summary>
internal static class FullNatKeys
{
    public static readonly ValueKey<ImmutableArray<Located<IPAddress>>> Addresses = new(
        "addresses",
        new ListKind<IPAddress>(AddressKinds.Unicast, 0, "an array of addresses", "list addresses as in [192.0.2.9]"),
        Restart: true);

    public static readonly ValueKey<PortRange> Ports = new("ports", NumberKinds.Ports, Restart: true);

    public static readonly ValueKey<TimeSpan> Linger = new(
        "linger", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Restart: true);

    public static readonly SectionKey Key = new("full-nat", Section.Of(Addresses, Ports, Linger));
}
