using System.Net;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>The topology itself, without lbd: what fails here is the test bed and not the product.</summary>
public sealed class TopologyTests
{
    [RootFact]
    public void Client_and_backends_reach_each_other_by_plain_routing()
    {
        using Topology topology = Topology.WithEchoServers(2);
        foreach (Backend backend in topology.Backends)
        {
            foreach (IPAddress address in new[] { backend.V4, backend.V6 })
            {
                var server = new IPEndPoint(address, Addresses.ServerPort);
                (Greeting overTcp, IPEndPoint local) = Ask.Tcp(topology.Client, server);
                Assert.Equal(backend.Name, overTcp.Backend);
                Assert.Equal(local, overTcp.Client);
                Assert.Equal(backend.Name, Ask.Udp(topology.Client, server).Greeting.Backend);
            }
        }
    }

    [RootFact]
    public void Dispose_leaves_no_namespace_and_no_file()
    {
        string folder;
        string client;
        using (Topology topology = Topology.WithBackends(1))
        {
            folder = topology.Folder;
            client = topology.Client.Name;
            topology.Client.Start("sleep", "1000").Dispose();
        }

        Assert.False(Directory.Exists(folder), "the folder is still there");
        Assert.DoesNotContain(client, Command.Run("ip", "netns", "list"), StringComparison.Ordinal);
    }
}
