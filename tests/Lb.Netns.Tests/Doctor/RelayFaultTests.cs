using System.Diagnostics;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Relays;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>Faults of what takes packets to relays, each made in a topology that is well otherwise.</summary>
public sealed class RelayFaultTests
{
    private static readonly Route Relayed = Route.Of("tproxy-v4");

    [RootFact]
    public void Host_without_a_fault_before_and_while_the_site_runs()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Both(topology).Add(Route.Of("tproxy-v6").Service("udp", topology.Backends)).Modest();
        string before = RelayBed.Plumbing(topology.Lb);

        Checkup.Of(topology, site).AssertHealthy();

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        Lbd.Start(topology, site);
        string running = RelayBed.Plumbing(topology.Lb);
        Checkup.Of(topology, site).AssertHealthy();
        Assert.Equal(running, RelayBed.Plumbing(topology.Lb));
    }

    [RootTheory]
    [InlineData("tcp", "TCP-LISTEN:80,fork", "-ltnH")]
    [InlineData("udp", "UDP-RECVFROM:80,fork", "-lunH")]
    public void Port_that_somebody_has_on_every_address(string protocol, string address, string sockets)
    {
        using Topology topology = Topology.WithBackends(1);
        using Process squatter = topology.Lb.Start("socat", address, "PIPE");
        Wait.Until(
            () => topology.Lb.Run("ss", sockets).Contains(":80 ", StringComparison.Ordinal), "socat listens");

        Checkup.Of(topology, Both(topology)).AssertError("relay-port", $"{protocol} 203.0.113.40:80", "socat");

        squatter.Kill();
        squatter.WaitForExit();
        Checkup.Of(topology, Both(topology)).AssertHealthy();
    }

    [RootFact]
    public void Rule_of_others_that_takes_the_mark()
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.Lb.Ip("rule add fwmark 0x4c620000/0xffff0000 lookup 100 priority 500");
        topology.Lb.Ip("route add blackhole default table 100");

        Checkup.Of(topology, Both(topology)).AssertError("relay-mark", "500: fwmark 0x4c620000/0xffff0000 lookup 100");

        // It is as bad as the finding says.
        Lbd.Launch(topology, Relayed.TcpSite(topology, backends: 1)).WaitForLog("its relay listens");
        Assert.Null(Ask.TryTcp(topology.Client, Relayed.EndPoint));
    }

    [RootFact]
    public void Rule_of_others_that_takes_what_relays_send()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("rule add fwmark 0x4c630000/0xffff0000 lookup 100 priority 2000");

        Checkup.Of(topology, Both(topology)).AssertHealthy();
        Checkup.Of(topology, Both(topology) with { Conntrack = "bypass" }).AssertWarning("relay-mark", "lookup 100");
    }

    [RootTheory]
    [InlineData("net.ipv4.conf.client0.src_valid_mark", "relay-source-mark", "client0")]
    [InlineData("net.ipv4.tcp_fwmark_accept", "relay-accepted-mark", "tcp_fwmark_accept")]
    public void Setting_that_keeps_a_relay_from_answering(string setting, string code, string named)
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Relayed.TcpSite(topology, backends: 1).Modest();
        Lbd lbd = Lbd.Start(topology, site);
        Assert.Equal("b1", Ask.TryTcp(topology.Client, Relayed.EndPoint));
        topology.Lb.Run("sysctl", "-qw", $"{setting}=1");

        Checkup.Of(topology, site).AssertError(code, named);

        Assert.Null(Ask.TryTcp(topology.Client, Relayed.EndPoint));
        topology.Lb.Run("sysctl", "-qw", $"{setting}=0");
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, Relayed.EndPoint) == "b1", "the relay answers again");
    }

    [RootTheory]
    [InlineData("nft", "delete table inet lb_{0}", "the table inet lb_{0} of nftables")]
    [InlineData("ip", "rule del priority 1000", "the rule 1000 of 'ip rule'")]
    [InlineData("ip", "-6 rule del priority 1000", "the rule 1000 of 'ip -6 rule'")]
    public void Plumbing_that_somebody_removed(string tool, string arguments, string named)
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Both(topology).Add(Route.Of("tproxy-v6").Service("tcp", topology.Backends)).Modest();
        Lbd.Start(topology, site with { CheckInterval = "1h" });

        topology.Lb.Run(tool, string.Format(null, arguments, topology.Site).Split(' '));

        Checkup.Of(topology, site).AssertError("relay-plumbing", string.Format(null, named, topology.Site));
    }

    [RootFact]
    public void Backlog_that_is_short_is_mended()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.core.somaxconn=128");

        Checkup.Of(topology, Both(topology)).AssertWarning("relay-backlog", "128").AssertFixable();
        Checkup.Of(topology, Both(topology), fix: true).AssertHealthy();

        Assert.Equal("4096", topology.Lb.Run("sysctl", "-n", "net.core.somaxconn").Trim());
    }

    [RootFact]
    public void Files_that_are_too_few()
    {
        using Topology topology = Topology.WithBackends(1);
        IReadOnlyList<string> few = ["prlimit", "--nofile=5000:5000"];

        Checkup.Of(topology, Both(topology), through: few).AssertHealthy();
        Checkup.Of(topology, Both(topology).With("connections = 20000"), through: few)
            .AssertWarning("relay-files", "5000", "61024");
    }

    [RootFact]
    public void Firewall_that_drops_before_relays_and_at_the_hosts_door()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("nft", "add table ip fw");
        topology.Lb.Run("nft", "add chain ip fw late { type filter hook prerouting priority filter; policy drop; }");
        topology.Lb.Run("nft", "add chain ip fw door { type filter hook input priority filter; policy drop; }");

        Checkup only = Checkup.Of(topology, Both(topology));
        only.AssertHealthy();
        Assert.Contains(only.Findings, f => f.Code == "relay-input" && f.What.Contains("ip fw door", StringComparison.Ordinal));

        topology.Lb.Run("nft", "add chain ip fw early { type filter hook prerouting priority raw; policy drop; }");
        Checkup.Of(topology, Both(topology)).AssertWarning("relay-firewall", "ip fw early");
    }

    [RootFact]
    public void Site_without_relays_is_asked_for_nothing_of_theirs()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.core.somaxconn=128", "net.ipv4.tcp_fwmark_accept=1");
        topology.Lb.Ip("rule add fwmark 0x4c620000/0xffff0000 lookup 100 priority 500");

        Checkup.Of(topology).AssertHealthy();
    }

    private static SiteSpec Both(Topology topology) =>
        Relayed.UdpSite(topology, backends: 1).Add(Relayed.Service("tcp", topology.Backends)).Modest();
}

/// <summary>Sites whose limits any machine has, and whose backends nobody probes.</summary>
file static class ModestSites
{
    public static SiteSpec Modest(this SiteSpec site) =>
        site.ChangeAll(service => service with { Check = "none", Relay = "connections = 1000" });
}
