using System.Net;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>What outlives a process, and how the next one takes it over.</summary>
[Collection(KernelCollection.Name)]
public sealed class AdoptionTests
{
    [RootFact]
    public void Program_and_maps_outlive_the_process_that_loaded_them()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            Assert.Equal([("eth0", true, null)], first.Attachments.Select(a => (a.Interface, a.Native, a.Reason)));
        }

        Assert.NotNull(site.ProgramOn("eth0"));
        Assert.Equal(["links", "maps", "progs", "tables"], Directory.EnumerateDirectories(site.PinRoot).Select(Path.GetFileName).Order());
    }

    [RootFact]
    public void Next_start_adopts_the_state_and_replaces_the_program_through_the_same_link()
    {
        using var site = new TestSite();
        int? before;
        uint link;
        using (KernelDatapath first = site.Open())
        {
            first.SwapTable(3, Samples.Table(97));
            first.SwapTable(3, Samples.Table(193));
            first.WriteService(Samples.Vip4, Samples.Service with { Slots = 193 });
            first.WriteBackend(1, Samples.Backend4);
            before = site.ProgramOn("eth0");
            link = LinkId(site, first);
        }

        using KernelDatapath second = site.Open();

        Assert.Equal(Samples.Service with { Slots = 193 }, second.ReadServices()[Samples.Vip4]);
        Assert.Equal(Samples.Table(193), second.ReadTable(3));
        Assert.Equal(Samples.Backend4, second.ReadBackends()[1]);
        Assert.NotEqual(before, site.ProgramOn("eth0"));
        Assert.Equal(link, LinkId(site, second));
        Assert.Equal((int)second.Program.ReadId(), site.ProgramOn("eth0"));
    }

    [RootFact]
    public void State_of_a_version_without_a_flow_log_is_adopted_and_gets_one()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, Samples.Service);
        }

        string[] added = ["lb_flow_log", "lb_log_counts", "lb_log_draft", "lb_log_seen"];
        foreach (string name in added)
        {
            File.Delete(Path.Combine(site.PinRoot, "maps", name));
        }

        using (KernelDatapath second = site.Open())
        {
            Assert.Equal(FlowLogging.Off, second.ReadServices()[Samples.Vip4].Logging);
            second.WriteService(Samples.Vip4, Samples.Service with { Logging = FlowLogging.Full });
        }

        Assert.All(added, name => Assert.True(File.Exists(Path.Combine(site.PinRoot, "maps", name)), name));
        using KernelDatapath third = site.Open();
        Assert.Equal(FlowLogging.Full, third.ReadServices()[Samples.Vip4].Logging);
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(32)]
    public void Affinity_of_a_service_outlives_the_process(int prefix)
    {
        using var site = new TestSite();
        ServiceEntry service = Samples.Service with { Logging = FlowLogging.Full, AffinityPrefix = prefix, AffinityTicks = 56 };
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, service);
        }

        using KernelDatapath second = site.Open();
        Assert.Equal(service, second.ReadServices()[Samples.Vip4]);
        second.WriteService(Samples.Vip4, service with { AffinityTicks = 0 });
        Assert.Equal(service with { AffinityTicks = 0 }, second.ReadServices()[Samples.Vip4]);
        second.WriteService(Samples.Vip4, service with { AffinityPrefix = null });
        Assert.Null(second.ReadServices()[Samples.Vip4].AffinityPrefix);
    }

    [RootTheory]
    [InlineData(0, "00")]
    [InlineData(5, "0a01")]
    [InlineData(6, "0102030405060708090a0b0c0d0e0f")]
    public void Server_ids_of_a_service_outlive_the_process(int config, string hex)
    {
        using var site = new TestSite();
        Assert.True(ServerId.TryParse(hex, out ServerId id));
        ServiceEntry service = Samples.Service with { Logging = FlowLogging.Full, AffinityPrefix = 24, Quic = new QuicRouting(config, id.Length) };
        ServerIdKey key = new(service.Id, config, id);
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, service);
            first.WriteBackend(1, Samples.Backend4);
            first.WriteServerId(key, 1);
        }

        using KernelDatapath second = site.Open();
        Assert.Equal(service, second.ReadServices()[Samples.Vip4]);
        Assert.Equal(KeyValuePair.Create(key, 1u), Assert.Single(second.ReadServerIds()));
        second.WriteServerId(key, 2);
        Assert.Equal(2u, second.ReadServerIds()[key]);
        second.DeleteServerId(key);
        Assert.Empty(second.ReadServerIds());
        second.WriteService(Samples.Vip4, service with { Quic = null });
        Assert.Null(second.ReadServices()[Samples.Vip4].Quic);
    }

    [RootFact]
    public void Service_that_a_killed_process_wrote_without_telling_the_program_is_seen_after_the_next_start()
    {
        using var site = new TestSite();
        byte[] frame = Frames.TcpSyn(new Flow(IPAddress.Parse("198.51.100.1"), 4000, Samples.Vip4.Address, 80, TransportProtocol.Tcp));
        using (KernelDatapath first = site.Open())
        {
            // No backend: it is dropped as long as there is the service.
            first.WriteService(Samples.Vip4, Samples.Service);
            Assert.Equal(XdpAction.Drop, RunEverywhere(first.Program, frame));
            using Descriptor map = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(MapNames.Vips4)!;
            using var services = new HashMap<EndpointKey4, ServiceValue>(MapNames.Vips4, Descriptor.Duplicate(map.Value, "dup"));
            Assert.True(services.Delete(EndpointKey4.From(Samples.Vip4)));
            Assert.Equal(XdpAction.Drop, RunEverywhere(first.Program, frame));
        }

        using KernelDatapath second = site.Open();
        Assert.Equal(XdpAction.Pass, RunEverywhere(second.Program, frame));
    }

    [RootTheory]
    [InlineData(16, false)] // of a version that knew fewer verdicts
    [InlineData(40, true)] // of one that knows more
    public void Map_of_verdicts_of_another_version_is_used_where_it_has_room(int entries, bool isKept)
    {
        using var site = new TestSite();
        site.Open().Dispose();
        string pin = Path.Combine(site.PinRoot, "maps", MapNames.Verdicts);
        File.Delete(pin);
        Command.Run(
            "bpftool", "map", "create", pin, "type", "percpu_array", "key", "4", "value", "16", "entries", $"{entries}", "name", MapNames.Verdicts);

        site.Open().Dispose();
        using KernelDatapath third = site.Open();

        Assert.Equal(default, third.ReadVerdicts()[Verdict.IcmpTooBig]);
        using Descriptor map = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(MapNames.Verdicts)!;
        Assert.Equal(isKept ? 40u : (uint)Enum.GetValues<Verdict>().Length, BpfMap.Describe(map, MapNames.Verdicts).MaxEntries);
    }

    [RootFact]
    public void Maps_of_connection_ids_are_added_to_the_state_of_a_version_that_had_none()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, Samples.Service);
        }

        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Quic));
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.ServerIds));
        using KernelDatapath second = site.Open();
        Assert.Equal(Samples.Service, second.ReadServices()[Samples.Vip4]);
        Assert.Empty(second.ReadServerIds());
    }

    [RootFact]
    public void Map_that_every_version_has_may_not_be_missing()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        int? running = site.ProgramOn("eth0");
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Backends));

        KernelException refused = Assert.Throws<KernelException>(() => site.Open());

        Assert.Contains("lb_backends cannot be adopted: it is not there", refused.Message, StringComparison.Ordinal);
        Assert.Equal(running, site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Interface_that_is_no_longer_configured_is_detached()
    {
        using var site = new TestSite();
        TestNamespace.Connect(site.Node, "eth1", site.Peer, "peer1");
        site.Open(site.Options with { Interfaces = ["eth0", "eth1"] }).Dispose();

        using KernelDatapath second = site.Open(site.Options with { Interfaces = ["eth1"] });

        Assert.Equal(["eth1"], second.Attachments.Select(a => a.Interface));
        Assert.Null(site.ProgramOn("eth0"));
        Assert.NotNull(site.ProgramOn("eth1"));
    }

    [RootFact]
    public void Interface_that_was_made_anew_is_attached_again()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        string index = $"{site.Node.Link("eth0").Index}";
        site.Node.Ip("link del eth0");
        Assert.True(File.Exists(Path.Combine(site.PinRoot, "links", index)));
        site.Node.Ip($"link add eth0 index {index} type veth peer name peer0");
        site.Node.Ip("link set eth0 up");

        using KernelDatapath second = site.Open();

        Assert.Equal((int)second.Program.ReadId(), site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Maps_of_another_layout_are_refused_and_go_on_forwarding()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        int? running = site.ProgramOn("eth0");
        Descriptor pinned = new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(MapNames.Node)!;
        using (var node = new ArrayMap<NodeValue>(MapNames.Node, pinned))
        {
            node[0] = node[0] with { Layout = (LayoutConstant)99 };
        }

        KernelException refused = Assert.Throws<KernelException>(() => site.Open());

        Assert.Contains("lb_node", refused.Message, StringComparison.Ordinal);
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("lbd --cleanup", refused.Mend, StringComparison.Ordinal);
        Assert.Equal(running, site.ProgramOn("eth0"));
    }

    [RootFact]
    public void What_a_start_that_crashed_left_is_removed()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        File.Delete(Path.Combine(site.PinRoot, "maps", MapNames.Node));

        using KernelDatapath second = site.Open();

        Assert.Contains(site.Logger.Entries, e => e.Text.Contains("started afresh", StringComparison.Ordinal));
        Assert.Equal((int)second.Program.ReadId(), site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Removal_that_ends_half_way_leaves_nothing_to_adopt()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        string busy = Directory.CreateDirectory(Path.Combine(site.PinRoot, "progs", "busy")).FullName;
        Command.Run("mount", "-t", "tmpfs", "tmpfs", busy);
        try
        {
            Assert.Throws<IOException>(() => site.Cleanup());
        }
        finally
        {
            Command.Run("umount", busy);
        }

        using KernelDatapath second = site.Open();

        Assert.Contains(site.Logger.Entries, e => e.Text.Contains("started afresh", StringComparison.Ordinal));
    }

    [RootFact]
    public void Marks_of_vips_are_set_right_after_a_crash_between_two_writes()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, Samples.Service);
        }

        EndpointKey4 mark = Mark(Samples.Vip4.Address);
        EndpointKey4 orphan = Mark(IPAddress.Parse("192.0.2.99"));
        using (HashMap<EndpointKey4, ServiceValue> vips = OpenVips(site))
        {
            Assert.True(vips.Delete(mark));
            vips.Set(orphan, default);
        }

        using KernelDatapath second = site.Open();

        using HashMap<EndpointKey4, ServiceValue> mended = OpenVips(site);
        Assert.True(mended.TryGet(mark, out _));
        Assert.False(mended.TryGet(orphan, out _));
        Assert.Equal(Samples.Vip4, Assert.Single(second.ReadServices()).Key);
    }

    [RootFact]
    public void Cleanup_leaves_nothing_in_the_kernel()
    {
        using var site = new TestSite();
        site.Open().Dispose();

        Assert.True(site.Cleanup());

        Assert.Null(site.ProgramOn("eth0"));
        Assert.False(Directory.Exists(Path.Combine(site.Options.BpfFs, "lb")), "pins are left");
        Assert.False(site.Cleanup());
    }

    [RootFact]
    public void Services_of_ranges_are_adopted_and_so_is_what_a_killed_writer_had_begun()
    {
        Endpoint wide = Endpoint.Of(IPNetwork.Parse("192.0.2.0/24"), 1, ushort.MaxValue, TransportProtocol.Tcp);
        Endpoint narrow = Endpoint.Of(IPNetwork.Parse("192.0.2.10/32"), 5000, 5999, TransportProtocol.Tcp);
        Flow flow = new(IPAddress.Parse("198.51.100.7"), 40_000, IPAddress.Parse("192.0.2.10"), 5000, TransportProtocol.Tcp);
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(wide, Samples.Service);
            first.WriteRanges(new HashSet<Endpoint> { wide });
        }

        using (KernelDatapath second = site.Open())
        {
            Assert.Equal([wide], second.ReadRanges());
            Assert.Equal(wide, second.TraceFlow(flow).ServiceVip);
            second.WriteService(narrow, Samples.Service with { Id = 8 });
        }

        // Written and not to be found yet: the next one is told that this is to be done.
        using KernelDatapath third = site.Open();
        Assert.Equal(2, third.ReadServices().Count);
        Assert.Empty(third.ReadRanges());
        Assert.Equal(wide, third.TraceFlow(flow).ServiceVip);
        third.WriteRanges(new HashSet<Endpoint> { wide, narrow });
        Assert.Equal(narrow, third.TraceFlow(flow).ServiceVip);
        Assert.Empty(site.Node.Invoke(third.CheckSetup));
    }

    [RootFact]
    public void Detach_leaves_nothing_in_the_kernel()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();

        datapath.Detach();

        Assert.Null(site.ProgramOn("eth0"));
        Assert.False(Directory.Exists(Path.Combine(site.Options.BpfFs, "lb")), "pins are left");
    }

    private static EndpointKey4 Mark(IPAddress address) => EndpointKey4.From(new Endpoint(address, 0, default));

    private static HashMap<EndpointKey4, ServiceValue> OpenVips(TestSite site) => new(
        MapNames.Vips4, new SitePins(site.Options.BpfFs, site.Options.Site).OpenMap(MapNames.Vips4)!);

    private static uint LinkId(TestSite site, KernelDatapath datapath)
    {
        int index = Assert.Single(datapath.Attachments).InterfaceIndex;
        using Descriptor pinned = new SitePins(site.Options.BpfFs, site.Options.Site).OpenLink(index)!;
        using var link = new XdpLink(pinned, index);
        return link.Describe().Id;
    }

    /// <summary>Runs the program on every CPU, each of which keeps what it has seen; what they agree on.</summary>
    private static XdpAction RunEverywhere(XdpProgram program, byte[] frame)
    {
        XdpAction[] actions = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(cpu =>
        {
            XdpAction action = default;
            var thread = new Thread(() =>
            {
                Cpu.Stay(cpu);
                action = program.Run(frame).Action;
            });
            thread.Start();
            thread.Join();
            return action;
        })];
        return Assert.Single(actions.Distinct());
    }
}
