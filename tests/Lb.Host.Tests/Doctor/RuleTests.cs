using Lb.Host.Doctor;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>From facts to findings.</summary>
public sealed class RuleTests
{
    /// <summary>Numbers of the faults: xunit shows and counts each.</summary>
    public static TheoryData<int, string> Numbers
    {
        get
        {
            TheoryData<int, string> numbers = [];
            for (int i = 0; i < Faults.Known.Count; i++)
            {
                numbers.Add(i, Faults.Known[i].Code);
            }

            return numbers;
        }
    }

    [Fact]
    public void Healthy_host_has_no_finding()
    {
        DoctorReport report = HealthyHost.Judge(HealthyHost.Facts);

        Assert.Empty(report.Findings);
        Assert.True(report.Healthy);
        Assert.Equal(HostChecks.All.Length, report.Checks);
    }

    [Fact]
    public void Healthy_listener_for_other_hosts_has_no_finding() => Assert.Empty(HealthyHost.Judge(
        HealthyHost.Facts with { Remote = HealthyHost.Remote }, HealthyHost.RemoteLines).Findings);

    [Theory]
    [InlineData(HealthyHost.ClusterLines)]
    [InlineData("lb.cluster.host = 127.0.0.1")]
    public void Healthy_node_of_a_cluster_has_no_finding(string lines) => Assert.Empty(HealthyHost.Judge(
        HealthyHost.Facts with { ClusterCertificate = HealthyHost.Remote.Certificate }, lines).Findings);

    [Fact]
    public void Healthy_host_of_relays_has_no_finding() =>
        Assert.Empty(HealthyHost.Judge(HealthyHost.Facts, site: HealthyHost.RelaySite).Findings);

    [Fact]
    public void Plumbing_that_is_missing_is_a_fault_of_a_site_that_runs_and_of_no_other()
    {
        HostFacts facts = HealthyHost.Facts with
        {
            Relays = HealthyHost.Relays with { Missing = ["the table inet lb_shop of nftables"] },
        };
        Assert.Empty(HealthyHost.Judge(facts, site: HealthyHost.RelaySite).Findings);

        DoctorReport running = HealthyHost.Judge(
            facts with { Site = facts.Site with { LockHolder = new(7, "lbd", true) } }, site: HealthyHost.RelaySite);

        Assert.Equal(["relay-plumbing", "running"], running.Findings.Select(f => f.Code));
        Assert.Contains("inet lb_shop", running.Findings[0].What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Fault_is_found_alone_and_named(int number, string code)
    {
        Fault fault = Faults.Known[number];
        DoctorReport report = fault.Judge();

        // An old kernel is refused whatever its limit of locked memory is; only a site that runs can lack its plumbing.
        Finding[] found =
        [
            .. report.Findings.Where(f => (code, f.Code) is not (("memlock", "kernel-version") or ("relay-plumbing", "running"))),
        ];
        Assert.Equal([fault.Code], found.Select(f => f.Code).Distinct());
        Assert.All(found, f => Assert.Equal(fault.Severity, f.Severity));
        Assert.Contains(found, f => f.What.Contains(fault.Named, StringComparison.Ordinal));
        Assert.Equal(fault.Severity != FindingSeverity.Error, report.Healthy);
        Assert.All(found, AssertReadsWell);
    }

    [Fact]
    public void Every_code_is_documented_and_no_other() => Assert.Equal(
        Faults.Known.Select(fault => fault.Code).Concat(NodeFindings.Codes).Distinct().Order(StringComparer.Ordinal),
        DocumentedCodes().Select(row => row.Code));

    [Fact]
    public void Docs_mark_what_is_mended_and_nothing_else() => Assert.Equal(
        Faults.Known
            .Where(fault => fault.Judge().Findings.Any(f => f.Code == fault.Code && !f.Fixes.IsEmpty))
            .Select(fault => fault.Code)
            .Distinct()
            .Order(StringComparer.Ordinal),
        DocumentedCodes().Where(row => row.Mended).Select(row => row.Code));

    [Fact]
    public void Findings_come_with_the_worst_first()
    {
        HostFacts facts = HealthyHost.Facts;
        foreach (Fault fault in Faults.Known.Where(fault => fault.Code is "clock-sync" or "clock-source" or "no-carrier"))
        {
            facts = fault.Change(facts);
        }

        Assert.Equal(
            ["no-carrier", "clock-source", "clock-sync"], HealthyHost.Judge(facts).Findings.Select(f => f.Code));
    }

    [Fact]
    public void Host_that_tells_nothing_is_not_accused_of_anything()
    {
        HostFacts silent = HealthyHost.Facts with
        {
            System = new SystemFacts { Kernel = new Version(6, 1), Cpus = 1 },
            Process = HealthyHost.Facts.Process with { OpenFiles = null, LockedMemory = null },
            Bpf = HealthyHost.Facts.Bpf with { Trial = null, MapMemory = null },
            RunDirectory = new DirectoryFacts("/run/lb", null, null, null),
            Interfaces =
            [
                .. HealthyHost.Facts.Interfaces.Select(i => new InterfaceFacts(i.Name, i.Index)
                {
                    Up = true, Carrier = true, Mtu = i.Mtu, Ethernet = true,
                }),
            ],
            Backends = [.. HealthyHost.Facts.Backends.Select(b => b with { Route = b.Route! with { Answers = null } })],
            Relays = HealthyHost.Relays with { Backlog = null },
            Network = new NetworkFacts(),
        };

        Assert.Empty(HealthyHost.Judge(silent).Findings);
        Assert.Empty(HealthyHost.Judge(silent, site: HealthyHost.RelaySite).Findings);
    }

    [Fact]
    public void Port_of_the_running_node_is_not_taken_by_another()
    {
        HostFacts running = HealthyHost.Facts with
        {
            Site = HealthyHost.Facts.Site with { LockHolder = new(7, "lbd", true) },
            Admin = new("in use", Taken: true, new(7, "lbd", true)),
        };

        Assert.Equal("running", Assert.Single(HealthyHost.Judge(running).Findings).Code);
        Assert.Contains(
            HealthyHost.Judge(running with { Admin = new("in use", Taken: true, new(8, "nginx", true)) }).Findings,
            f => f.Code == "admin-port" && f.What.Contains("nginx", StringComparison.Ordinal));
    }

    [Fact]
    public void Maps_that_are_there_already_need_no_memory() => Assert.Empty(HealthyHost.Judge(HealthyHost.Facts with
    {
        System = HealthyHost.Facts.System with { AvailableMemory = 1 << 20 },
        Site = HealthyHost.Facts.Site with { Pinned = true },
    }).Findings);

    [Fact]
    public void Generic_attachment_as_configured_asks_nothing_of_drivers()
    {
        HostFacts virtualDevices = HealthyHost.Facts
            .WithInterfaces(i => i with { Kind = "vlan", Features = XdpFeatures.None, Mtu = 9000, Offloads = ["rx-lro"] });

        Assert.Equal(
            ["mtu-budget"],
            HealthyHost.Judge(virtualDevices, "lb.attach = generic").Findings.Select(f => f.Code));
    }

    [Fact]
    public void With_one_interface_tunnelled_packets_have_to_fit_beside_the_clients()
    {
        HostFacts oneArm = HealthyHost.Facts with { Interfaces = [HealthyHost.Interface("eth1", 3, 1500)] };

        Finding finding = Assert.Single(HealthyHost.Judge(oneArm, "lb.interfaces = [eth1]").Findings);

        Assert.Equal("mtu-budget", finding.Code);
        Assert.Contains("advmss 1420", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Nat_puts_nothing_in_front_of_packets() => Assert.Empty(HealthyHost.Judge(
        HealthyHost.Facts.WithInterface("eth1", i => i with { Mtu = 1500 }), site: HealthyHost.NatSite).Findings);

    [Fact]
    public void Dsr_alone_asks_nothing_of_forwarding_and_filters()
    {
        IPv4Settings closed4 = new(1, Forwarding: false, AcceptLocal: false);
        IPv6Settings closed6 = new(Forwarding: false);
        HostFacts closed = HealthyHost.Facts.WithInterfaces(i => i with { IPv4 = closed4, IPv6 = closed6 });
        closed = closed with
        {
            Network = new NetworkFacts { IPv4 = closed4, IPv6 = closed6, DroppingChains = ["ip filter forward"] },
        };

        Assert.Empty(HealthyHost.Judge(closed, site: HealthyHost.DsrSite).Findings);
    }

    private static void AssertReadsWell(Finding finding)
    {
        Assert.EndsWith(".", finding.What, StringComparison.Ordinal);
        Assert.EndsWith(".", finding.Why, StringComparison.Ordinal);
        Assert.Equal(finding.Severity == FindingSeverity.Info, finding.Mend is null);
        Assert.NotEqual("", finding.Mend);
        Assert.False(finding.Mend?.EndsWith('.') == true, $"a command does not end with a full stop: {finding.Mend}");
    }

    /// <summary>The rows of the table in docs/operations.md, in their order.</summary>
    private static List<(string Code, bool Mended)> DocumentedCodes()
    {
        using StreamReader docs = new(typeof(RuleTests).Assembly.GetManifestResourceStream("operations.md")!);
        string section = docs.ReadToEnd().Split("\n## ")
            .Single(part => part.StartsWith("Doctor\n", StringComparison.Ordinal));
        return
        [
            .. section.Split('\n')
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => (line.Split('`')[1], line.EndsWith("✔ |", StringComparison.Ordinal))),
        ];
    }
}
