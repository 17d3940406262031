using Lb.Kernel;
using Xunit;

namespace Lb.Datapath.Tests.Lab;

/// <summary>Base of the tests that send named packets.</summary>
[Collection(Testbed.Name)]
public abstract class DatapathTest(Testbed bed)
{
    public static TheoryData<Delivery> Deliveries { get; } = [.. Enum.GetValues<Delivery>()];

    public static TheoryData<Delivery> NatDeliveries { get; } = [Delivery.Nat4, Delivery.Nat6];

    public static TheoryData<Delivery> Tunnels { get; } = [.. Enum.GetValues<Delivery>().Where(way => way.Overhead() > 0)];

    /// <summary>Those that leave the client's packet as it is.</summary>
    public static TheoryData<Delivery> DsrDeliveries { get; } = [.. Enum.GetValues<Delivery>().Where(way => !way.IsNat())];

    /// <summary>One of each family.</summary>
    public static TheoryData<Delivery> Families { get; } = [Delivery.Nat4, Delivery.Nat6];

    /// <summary>Of SCTP those alone that leave the client's packet as it is.</summary>
    public static TheoryData<Delivery, TransportProtocol> Ways { get; } = AllWays();

    internal Scene Tcp(Delivery delivery, Tracking tracking = Tracking.Minimal) =>
        new(bed, delivery, TransportProtocol.Tcp, tracking);

    internal Scene Udp(Delivery delivery, Tracking tracking = Tracking.Minimal) =>
        new(bed, delivery, TransportProtocol.Udp, tracking);

    internal Scene Sctp(Delivery delivery, Tracking tracking = Tracking.Minimal) =>
        new(bed, delivery, TransportProtocol.Sctp, tracking);

    internal Scene Of(Delivery delivery, TransportProtocol protocol, Tracking tracking = Tracking.Minimal) =>
        new(bed, delivery, protocol, tracking);

    private static TheoryData<Delivery, TransportProtocol> AllWays()
    {
        var ways = new TheoryData<Delivery, TransportProtocol>();
        foreach (Delivery delivery in Enum.GetValues<Delivery>())
        {
            ways.Add(delivery, TransportProtocol.Tcp);
            ways.Add(delivery, TransportProtocol.Udp);
            if (!delivery.IsNat())
            {
                ways.Add(delivery, TransportProtocol.Sctp);
            }
        }

        return ways;
    }
}
