using Lb.Host.Doctor;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>What is changed, in which order, and what is left alone.</summary>
public sealed class FixTests
{
    [Fact]
    public void Changes_are_made_once_and_the_host_is_examined_again()
    {
        HostFacts facts = HealthyHost.Facts.WithInterface("eth0", i => i with { Up = false });
        List<string> made = [];

        DoctorReport report = HostDoctor.Mend(
            () => HealthyHost.Judge(facts),
            fix =>
            {
                made.Add(fix.Command);
                facts = HealthyHost.Facts;
                return null;
            });

        Assert.Equal(["ip link set dev eth0 up"], made);
        Assert.Equal(
            new AppliedFix("interface-down", "ip link set dev eth0 up", Problem: null), Assert.Single(report.Fixes));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void What_a_change_made_visible_is_mended_too()
    {
        HostFacts facts = HealthyHost.Facts.WithInterface("eth1", i => i with { Up = false });
        facts = facts with { Backends = [.. facts.Backends.Select(b => b with { Route = null })] };

        DoctorReport report = HostDoctor.Mend(() => HealthyHost.Judge(facts), fix =>
        {
            facts = fix is HostFix.SetUp
                ? HealthyHost.Facts.WithInterface("eth1", i => i with { IPv4 = new(0, Forwarding: false, false) })
                : HealthyHost.Facts;
            return null;
        });

        Assert.Equal(["interface-down", "ip-forward"], report.Fixes.Select(fix => fix.Code));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void Change_that_fails_is_told_and_not_tried_for_ever()
    {
        HostFacts facts = HealthyHost.Facts with { Bpf = HealthyHost.Facts.Bpf with { FileSystemMounted = false } };
        int tries = 0;

        DoctorReport report = HostDoctor.Mend(() => HealthyHost.Judge(facts), _ =>
        {
            tries++;
            return "mount(/sys/fs/bpf) failed with EPERM.";
        });

        Assert.Equal(1, tries);
        Assert.Equal("mount(/sys/fs/bpf) failed with EPERM.", Assert.Single(report.Fixes).Problem);
        Assert.Equal("bpffs", Assert.Single(report.Findings).Code);
    }

    [Fact]
    public void Host_that_begins_to_forward_keeps_the_routes_that_routers_advertise()
    {
        HostFacts facts = HealthyHost.Facts with
        {
            Network = HealthyHost.Facts.Network with { IPv6 = new(false), RouterAdvertisements = ["eth0", "eth7"] },
        };

        Finding finding = Assert.Single(HealthyHost.Judge(facts).Findings);

        Assert.Equal(
            [
                "sysctl -w net.ipv6.conf.eth0.accept_ra=2",
                "sysctl -w net.ipv6.conf.eth7.accept_ra=2",
                "sysctl -w net.ipv6.conf.all.forwarding=1",
            ],
            finding.Fixes.Select(fix => fix.Command));
    }

    [Theory]
    [InlineData(0, true, "sysctl -w net.ipv4.conf.eth1.rp_filter=2")]
    [InlineData(1, true, "sysctl -w net.ipv4.conf.eth1.rp_filter=2")]
    [InlineData(0, false, "sysctl -w net.ipv4.conf.eth1.rp_filter=0")]
    [InlineData(1, false, null)]
    public void Filter_is_loosened_as_far_as_it_has_to_be_and_only_there(int all, bool routed, string? command)
    {
        HostFacts facts = HealthyHost.Facts
            .WithInterface("eth1", i => i with { IPv4 = new(1, true, false) })
            .WithVip("192.0.2.10", v => v with { Routed = routed });
        facts = facts with { Network = facts.Network with { IPv4 = new(all, true, false) } };

        Finding finding = Assert.Single(HealthyHost.Judge(facts).Findings);

        Assert.Equal(command, finding.Fixes.SingleOrDefault()?.Command);
        Assert.Contains("eth1", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Interface_whose_name_has_a_dot_is_written_as_sysctl_takes_it() => Assert.Equal(
        "sysctl -w net/ipv4/conf/eth1.5/rp_filter=2",
        new HostFix.SetSysctl("net/ipv4/conf/eth1.5/rp_filter", 2).Command);
}
