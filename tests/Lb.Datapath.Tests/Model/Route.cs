using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Model;

internal enum RouteKind
{
    /// <summary>The host would not forward the packet.</summary>
    None,

    /// <summary>There is a route, the neighbour's address is still to be resolved.</summary>
    NoNeighbour,

    /// <summary>Interface and link-layer addresses are known.</summary>
    Known,
}

/// <summary>What the host's routing table says about an address.</summary>
internal sealed record Route(RouteKind Kind, int Interface, Mac Source, Mac Destination, int Mtu)
{
    public static Route None { get; } = new(RouteKind.None, 0, default, default, 0);

    public static Route NoNeighbour(int mtu) => new(RouteKind.NoNeighbour, 0, default, default, mtu);

    public static Route Via(int index, Mac source, Mac destination, int mtu) =>
        new(RouteKind.Known, index, source, destination, mtu);
}
