using System.Net;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Tc;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>Servers and clients of another SCTP, with all that it does: heartbeats, delayed acknowledgements, bundles, retransmissions.</summary>
public sealed class SctpProgramTests
{
    private const int Messages = 3000;
    private const int Bytes = 1000;

    [RootTheory]
    [InlineData("dsr-v4", "xdp")]
    [InlineData("dsr-v4-in-v6", "xdp")]
    [InlineData("gue-v4", "tc")]
    [InlineData("l2-v4", "xdp")]
    public void Client_and_server_exchange_messages_and_shut_down(string name, string hook)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of(name);
        SctpProgram[] servers = [.. topology.Backends.Select(backend => SctpProgram.Start(topology, backend, route.EndPoint))];
        Lbd.Start(topology, new SiteSpec(topology.Site).Add(route.Service("sctp", topology.Backends)).At(hook));

        SctpProgram.Send(topology.Client, route.EndPoint, Messages, Bytes);

        Wait.Until(() => servers.Count(server => server.HasServed(Messages, Bytes)) == 1, "one server has had the whole association");
    }

    [RootFact]
    public void Server_keeps_its_associations_while_the_table_changes()
    {
        using Topology topology = Topology.WithEchoServers(4);
        Route route = Route.Of("dsr-v4");
        SctpProgram[] servers = [.. topology.Backends.Select(backend => SctpProgram.Start(topology, backend, route.EndPoint))];
        SiteSpec site = new SiteSpec(topology.Site).Add(route.Service("sctp", topology.Backends.Take(3)));
        string service = site.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, site);
        // Each has messages of a length of its own, by which the servers' lines are told apart.
        List<(SctpAssociation Association, string Message)> load = [.. Enumerable.Range(0, 12).Select(i =>
            (topology.Own(SctpAssociation.Open(topology.Client, route.EndPoint)), new string('m', 100 + i)))];

        DeliverAll();
        lbd.Reload(site = site.Change(service, s => s.Add(topology.Backends[3], route.OverV6)));
        lbd.WaitFor(
            () => Enumerable.Range(1, 20).Any(port => SctpConsistencyTests.Lookup(
                lbd, route, new IPEndPoint(Addresses.ClientOf(route.Vip.AddressFamily), port), "syn") == "b4"),
            "new associations go to b4");
        DeliverAll();
        foreach (string backend in (string[])["b1", "b2", "b3"])
        {
            lbd.Reload(site.Change(service, s => s.Change(backend, b => b with { Admin = "drain" })));
            DeliverAll();
        }

        lbd.Reload(site);
        DeliverAll();
        load.ForEach(one => one.Association.Shutdown());

        Wait.Until(
            () => load.All(one => servers.Count(server => server.HasServed(6, one.Message.Length)) == 1),
            "for each association one server has had all of its messages");

        void DeliverAll() => load.ForEach(one => one.Association.Deliver(one.Message));
    }
}
