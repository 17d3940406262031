using System.Net;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>Real associations in every mode and family that SCTP can have.</summary>
public class SctpForwardingTests(SctpBed bed) : IClassFixture<SctpBed>
{
    private const int Associations = 30;

    [RootTheory]
    [MemberData(nameof(Route.Unchanged), MemberType = typeof(Route))]
    public void Associations_reach_all_backends_which_see_the_clients_own_address(string name)
    {
        Route route = Route.Of(name);
        Topology topology = bed.Topology;
        HashSet<string> reached = [];
        for (int i = 0; i < Associations; i++)
        {
            using var association = SctpAssociation.Open(topology.Client, route.EndPoint);
            Greeting first = association.Ask("hello");
            Assert.Equal(association.Local, first.Client);
            Assert.Equal(first, association.Ask("again"));
            reached.Add(first.Backend);
            association.Shutdown();
        }

        // That one of three gets none of 30 happens in one run of 60,000.
        Assert.Equal(["b1", "b2", "b3"], reached.Order(StringComparer.Ordinal));
        Wait.Until(() => bed.Servers.TrueForAll(server => server.Open == 0), "the backends know that all associations have ended");
    }

    [RootTheory]
    [MemberData(nameof(Route.Unchanged), MemberType = typeof(Route))]
    public void Message_of_the_largest_packet_that_fits_the_way_arrives(string name)
    {
        Route route = Route.Of(name);
        int outer = route.Mode switch
        {
            "dsr-l2" => 0,
            "dsr-ipip" => route.OverV6 ? 40 : 20,
            _ => route.OverV6 ? 48 : 28,
        };
        // The way to the backends has 1600 bytes, that of the client 1500.
        int packet = Math.Min(1500, 1600 - outer);
        int headers = (route.Vip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 40 : 20) + 12 + 16;
        using var association = SctpAssociation.Open(bed.Topology.Client, new IPEndPoint(route.Vip, route.Port));

        association.Deliver(new string('m', packet - headers));

        association.Shutdown();
    }
}

/// <summary>The same at traffic control.</summary>
public sealed class SctpForwardingAtTcTests(SctpAtTcBed bed) : SctpForwardingTests(bed), IClassFixture<SctpAtTcBed>;
