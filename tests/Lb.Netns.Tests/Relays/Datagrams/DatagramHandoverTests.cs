using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>A new process takes the place of the one that runs, and flows of UDP go on.</summary>
public sealed class DatagramHandoverTests
{
    private const int Clients = 16;

    [RootTheory]
    [InlineData("tproxy-v4", "source = client")]
    [InlineData("tproxy-v6", "source = client")]
    [InlineData("tproxy-v4", "source = node")]
    [InlineData("tproxy-v6", "source = node")]
    [InlineData("tproxy-v4", "source = node, interception = sk_lookup")]
    public void Flows_keep_backend_and_port_and_lose_no_datagram(string name, string relay)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OwnVips(relay.Contains("sk_lookup", StringComparison.Ordinal) ? "sk_lookup" : "");
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 2).With(relay));
        string plumbing = RelayBed.PlumbingOfAny(topology.Lb);
        Talk[] talks = [.. Enumerable.Range(0, Clients).Select(_ => new Talk(topology, route))];
        WaitForMore(talks, 5);

        lbd.HandOver();
        WaitForMore(talks, 5);
        lbd.HandOver();
        WaitForMore(talks, 5);

        Array.ForEach(talks, talk => talk.End());
        Assert.Equal(0, talks.Sum(talk => talk.Lost));
        Assert.All(talks, talk => Assert.Single(talk.Greetings));
        Assert.Equal(["b1", "b2"], talks.Select(talk => talk.Greetings.Single().Backend).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Clients, lbd.Relay().Counts.Open);
        Assert.Equal(0, lbd.Relay().Counts.Connections);
        Assert.Equal(plumbing, RelayBed.PlumbingOfAny(topology.Lb));
        lbd.WaitForLog($"{Clients} relayed connections", "0 connections were reset");
    }

    [RootFact]
    public void Flow_that_was_taken_over_ends_when_it_is_idle()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 1).With("udp-idle-timeout = 3s"));
        Assert.Equal("b1", Ask.Udp(topology.Client, route.EndPoint).Greeting.Backend);

        lbd.HandOver();

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "it has ended");
        Assert.Equal("b1", Ask.Udp(topology.Client, route.EndPoint).Greeting.Backend);
    }

    private static void WaitForMore(Talk[] talks, int count)
    {
        int[] wanted = [.. talks.Select(talk => talk.Answered + count)];
        Wait.Until(() => talks.Index().All(talk => talk.Item.Answered >= wanted[talk.Index]), "all are answered on");
    }

    /// <summary>A client that asks, waits for the answer, and asks again, from one port.</summary>
    private sealed class Talk
    {
        private readonly Socket _socket;
        private readonly Task _talking;
        private readonly HashSet<Greeting> _greetings = [];
        private volatile bool _over;
        private volatile int _answered;

        public Talk(Topology topology, Route route)
        {
            _socket = topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));
            _talking = Task.Factory.StartNew(
                Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public int Answered => _answered;

        /// <summary>Questions without an answer.</summary>
        public int Lost { get; private set; }

        /// <summary>Backends, and what they saw as the client.</summary>
        public IReadOnlyCollection<Greeting> Greetings => _greetings;

        public void End()
        {
            _over = true;
            _talking.Wait();
            _socket.Dispose();
        }

        private void Run()
        {
            byte[] buffer = new byte[256];
            for (int number = 0; !_over; number++)
            {
                _socket.Send(Encoding.ASCII.GetBytes($"{number}"));
                string answer;
                try
                {
                    answer = Encoding.ASCII.GetString(buffer, 0, _socket.Receive(buffer));
                }
                catch (SocketException)
                {
                    Lost++;
                    continue;
                }

                Assert.EndsWith($" {number}", answer, StringComparison.Ordinal);
                _greetings.Add(Greeting.Parse(answer));
                _answered++;
            }
        }
    }
}
