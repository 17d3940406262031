using System.Net;
using System.Text.Json;
using Lb.Kernel.Host;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Host;

/// <summary>Facts are what the kernel says, by whatever way it can be asked.</summary>
[Collection(KernelCollection.Name)]
public sealed class ReadingTests
{
    [RootFact]
    public void Program_of_a_tcx_link_is_seen_though_it_is_no_filter()
    {
        using var site = new TestSite();
        using TcxProgram? program = TcxProgram.TryAttach(site.Node, "eth0", "lbk_tcx");

        // Kernels before 6.6 have no such links, and nothing to be seen.
        Assert.Equal(
            program is null ? [] : ["tc ingress: lbk_tcx"],
            Eth0(site).TrafficControl.Select(p => $"{p.Where}: {p.Name}"));
    }

    [RootFact]
    public void Program_of_the_site_is_its_own_and_that_of_another_site_is_not()
    {
        using var site = new TestSite();
        using KernelDatapath running = site.Open();

        AttachedProgram? own = Eth0(site).Xdp;
        AttachedProgram? seenByOther = Eth0(site, site.Options with { Site = "other" }).Xdp;

        Assert.Equal(("lb_xdp", true, true), (own?.Name, own?.Native, own?.Ours));
        Assert.Equal(("lb_xdp", false), (seenByOther?.Name, seenByOther?.Ours));
    }

    [RootFact]
    public void Lock_of_the_site_is_seen_with_its_holder_and_not_taken()
    {
        using var site = new TestSite();
        Assert.Null(Read(site).Site.LockHolder);
        using (site.Open())
        {
            Assert.Equal(Environment.ProcessId, Read(site).Site.LockHolder?.Id);
        }

        Assert.Null(Read(site).Site.LockHolder);
    }

    [RootFact]
    public void Offloads_driver_and_queues_are_those_that_ethtool_shows()
    {
        using var site = new TestSite();
        site.Node.Run("ethtool", "-K", "eth0", "rx-vlan-hw-parse", "off", "gro", "on");

        InterfaceFacts eth0 = Eth0(site);

        Assert.Equal("veth", eth0.Driver);
        Assert.Contains("rx-gro", eth0.Offloads!);
        Assert.DoesNotContain("rx-vlan-hw-parse", eth0.Offloads!);

        // ethtool has names of its own for some, so that only their number can be compared.
        Assert.Equal(ActiveFeatures(site.Node.Run("ethtool", "--json", "-k", "eth0")), eth0.Offloads!.Count);
        Assert.Equal(1, eth0.Channels?.Receive);
    }

    [RootFact]
    public void Memory_that_maps_take_is_near_what_the_kernel_counts()
    {
        using var site = new TestSite();
        var sizes = new MapSizes { Services = 64, Backends = 1024, Flows = 65_536, Pending = 16_384, Direct = 16 };
        long estimated = MapMemory.Of(sizes);
        using KernelDatapath running = site.Open(site.Options with { Sizes = sizes });

        long counted = Directory.EnumerateFiles(Path.Combine(site.PinRoot, "maps"))
            .Sum(path => MemoryOf(Command.Run("bpftool", "--json", "map", "show", "pinned", path)));

        Assert.InRange(estimated, counted * 0.8, counted * 1.2);
    }

    [RootFact]
    public void Trial_loads_the_program_and_leaves_nothing()
    {
        using var site = new TestSite();

        BpfFacts bpf = Read(site).Bpf;

        Assert.Equal(new ProgramTrial(Problem: null, Compiled: true), bpf.Trial);
        Assert.Empty(bpf.MissingMapTypes);
        Assert.True(bpf.Library >= new Version(1, 0), $"libbpf {bpf.Library}");
        Assert.False(bpf.FileSystemMounted, "the trial mounted the BPF file system");
        Assert.Null(site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Listener_on_any_address_is_found_with_its_process()
    {
        using var site = new TestSite();
        using var listener = site.Node.Invoke(() =>
        {
            var any = new System.Net.Sockets.TcpListener(IPAddress.IPv6Any, 9110);
            any.Server.DualMode = true;
            any.Start();
            return any;
        });

        ListenerFacts admin = Read(site).Admin;

        Assert.True(admin.Taken, admin.Problem);
        Assert.Equal(Environment.ProcessId, admin.Holder?.Id);
    }

    private static InterfaceFacts Eth0(TestSite site, DatapathOptions? options = null) =>
        Read(site, options).Interface("eth0")!;

    private static HostFacts Read(TestSite site, DatapathOptions? options = null) => site.Node.Invoke(() =>
        HostReader.Read(new HostScope(options ?? site.Options, new IPEndPoint(IPAddress.Loopback, 9110), [], [], null)));

    /// <summary>Features that are on, without the lines that sum others up.</summary>
    private static int ActiveFeatures(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement[0].EnumerateObject()
            .Select(p => p.Value)
            .Where(feature => feature.ValueKind == JsonValueKind.Object
                && feature.GetProperty("fixed").ValueKind != JsonValueKind.Null)
            .Count(feature => feature.GetProperty("active").GetBoolean());
    }

    private static long MemoryOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("bytes_memlock").GetInt64();
    }
}
