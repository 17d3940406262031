using System.Net;
using System.Net.NetworkInformation;

namespace Lb.Kernel.Tests.Fixtures;

/// <summary>Things to write, by their role.</summary>
public static class Samples
{
    public static Endpoint Vip4 { get; } = new(IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp);

    public static Endpoint Vip6 { get; } = new(IPAddress.Parse("2001:db8::10"), 53, TransportProtocol.Udp);

    public static NextHop Hop4 { get; } = new(
        3,
        PhysicalAddress.Parse("02-00-00-00-00-01"),
        PhysicalAddress.Parse("02-00-00-00-00-02"),
        IPAddress.Parse("10.0.2.1"),
        1500);

    public static BackendEntry Backend4 { get; } = new(7, IPAddress.Parse("10.0.2.11"), 8080, Alive: true, Hop4);

    public static ServiceEntry Service { get; } =
        new(Id: 7, Table: 3, Slots: 0, Seed: 99, ForwardingMode.DsrIpip, Tracking.Full);

    /// <summary>A table whose slots all differ.</summary>
    public static Slot[] Table(int slots, uint first = 1) =>
        [.. Enumerable.Range(0, slots).Select(i => new Slot(first + (uint)i, i % 3 == 0 ? 5u : 0u, i % 2 == 0))];
}
