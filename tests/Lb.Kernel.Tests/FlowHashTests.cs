using System.Net;

namespace Lb.Kernel.Tests;

public sealed class FlowHashTests
{
    private static readonly Flow Flow = new(
        IPAddress.Parse("203.0.113.1"), 1024, IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp);

    [Fact]
    public void Hash_depends_on_every_part_of_the_flow_and_on_the_seed()
    {
        uint[] hashes =
        [
            FlowHash.Of(Flow, 1),
            FlowHash.Of(Flow, 2),
            FlowHash.Of(Flow with { Source = IPAddress.Parse("203.0.113.2") }, 1),
            FlowHash.Of(Flow with { SourcePort = 1025 }, 1),
            FlowHash.Of(Flow with { Vip = IPAddress.Parse("192.0.2.11") }, 1),
            FlowHash.Of(Flow with { VipPort = 81 }, 1),
            FlowHash.Of(Flow with { Protocol = TransportProtocol.Udp }, 1),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Slots_of_many_clients_are_even()
    {
        const uint Slots = 16;
        const int Clients = 64_000;
        int[] counts = new int[Slots];
        for (int i = 0; i < Clients; i++)
        {
            counts[FlowHash.Slot(Flow with { SourcePort = (ushort)i }, 7, Slots)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 0.95 * Clients / Slots, 1.05 * Clients / Slots));
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, 65_536u)]
    public void Slot_is_below_the_number_of_slots(uint hash, uint slot) =>
        Assert.Equal(slot, FlowHash.Slot(hash, 65_537));
}
