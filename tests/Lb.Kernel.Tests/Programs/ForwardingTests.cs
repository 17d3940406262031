using System.Net;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>When <c>lb_forward</c> is at traffic control of a site's interfaces.</summary>
[Collection(KernelCollection.Name)]
public sealed class ForwardingTests
{
    private static readonly ServiceEntry s_service = Samples.Service with { ByTc = true };

    [RootFact]
    public void Program_is_there_before_the_first_entry_that_needs_it_is_written()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Assert.Equal("", Filters(site));

        // Replies are left to traffic control by entries of their own, which are written first.
        site.Node.Invoke(() => datapath.WriteNat(Samples.Vip4, new NatEntry(Samples.Vip4.Address, 80, 7, 1) { Flags = NatFlags.Tc }));

        Assert.Contains(EmbeddedObject.Forward, Filters(site), StringComparison.Ordinal);
    }

    [RootFact]
    public void Program_goes_with_the_check_after_the_last_service_has_left_it()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, s_service));
        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, Samples.Service));
        Assert.Contains(EmbeddedObject.Forward, Filters(site), StringComparison.Ordinal);

        Assert.Empty(site.Node.Invoke(datapath.CheckSetup));

        Assert.Equal("", Filters(site));
        Assert.DoesNotContain("clsact", Disciplines(site), StringComparison.Ordinal);
    }

    [RootFact]
    public void Clsact_of_somebody_else_stays()
    {
        using var site = new TestSite();
        site.Node.Run("tc", "qdisc", "add", "dev", "eth0", "clsact");
        using KernelDatapath datapath = site.Open();
        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, s_service));
        site.Node.Invoke(() => datapath.DeleteService(Samples.Vip4));
        site.Node.Invoke(datapath.CheckSetup);

        Assert.Equal("", Filters(site));
        Assert.Contains("clsact", Disciplines(site), StringComparison.Ordinal);
    }

    [RootFact]
    public void Next_start_puts_its_own_program_in_the_place_of_the_one_before()
    {
        using var site = new TestSite();
        KernelDatapath first = site.Open();
        site.Node.Invoke(() => first.WriteService(Samples.Vip4, s_service));
        string before = Filters(site);
        first.Dispose();

        using KernelDatapath second = site.Open();

        Assert.True(second.ReadServices()[Samples.Vip4].ByTc, "the entry says XDP now");
        Assert.Contains(EmbeddedObject.Forward, Filters(site), StringComparison.Ordinal);
        Assert.NotEqual(before, Filters(site));
    }

    [RootFact]
    public void Filter_that_somebody_removed_is_a_fault_that_is_mended()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, s_service));
        site.Node.Run("tc", "filter", "del", "dev", "eth0", "ingress");

        SetupFault fault = Assert.Single(site.Node.Invoke(datapath.CheckSetup));
        Assert.Equal((SetupPart.Filter, "eth0"), (fault.Part, fault.Name));
        site.Node.Invoke(() => datapath.MendSetup(fault));

        Assert.Contains(EmbeddedObject.Forward, Filters(site), StringComparison.Ordinal);
        Assert.Empty(site.Node.Invoke(datapath.CheckSetup));
    }

    [RootFact]
    public void Cleanup_removes_what_a_killed_process_left()
    {
        using var site = new TestSite();
        KernelDatapath datapath = site.Open();
        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, s_service));
        datapath.Dispose();

        Assert.True(site.Cleanup());

        Assert.Equal("", Filters(site));
        Assert.DoesNotContain("clsact", Disciplines(site), StringComparison.Ordinal);
    }

    [RootFact]
    public void Address_of_a_service_at_traffic_control_is_left_to_it_until_the_last_one_has_gone()
    {
        using var site = new TestSite();
        using KernelDatapath datapath = site.Open();
        Endpoint other = Samples.Vip4 with { Port = 8443 };
        site.Node.Invoke(() => datapath.WriteService(other, Samples.Service with { Id = 5 }));
        Assert.False(IsByTc(datapath, Samples.Vip4.Address), "the address is left to traffic control without a service there");

        site.Node.Invoke(() => datapath.WriteService(Samples.Vip4, s_service));
        Assert.True(IsByTc(datapath, Samples.Vip4.Address), "the address is not left to traffic control");
        site.Node.Invoke(() => datapath.DeleteService(Samples.Vip4));

        Assert.False(IsByTc(datapath, Samples.Vip4.Address), "the address is still left to traffic control");
    }

    private static bool IsByTc(KernelDatapath datapath, IPAddress address)
    {
        Descriptor map = datapath.Maps[MapNames.Vips4];
        using var vips = new HashMap<EndpointKey4, ServiceValue>(
            MapNames.Vips4, Descriptor.Duplicate(map.Value, MapNames.Vips4));
        Assert.True(vips.TryGet(EndpointKey4.From(new Endpoint(address, 0, default)), out ServiceValue mark), "no VIP");
        return mark.IsByTc;
    }

    private static string Filters(TestSite site) => site.Node.Run("tc", "filter", "show", "dev", "eth0", "ingress");

    private static string Disciplines(TestSite site) => site.Node.Run("tc", "qdisc", "show", "dev", "eth0");
}
