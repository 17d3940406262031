using Lb.Kernel.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Tests.Programs;

/// <summary>Native, generic, and what stands in the way of both.</summary>
[Collection(KernelCollection.Name)]
public sealed class AttachTests
{
    [RootFact]
    public void Driver_without_xdp_is_left_to_traffic_control_with_the_reason_kept_and_logged()
    {
        using var site = new TestSite();

        using KernelDatapath datapath = site.Open(site.Options with { Interfaces = ["eth0", "lo"] });

        Assert.Equal([AttachedXdp.Native, AttachedXdp.None], datapath.Attachments.Select(attachment => attachment.Xdp));
        Attachment attachment = datapath.Attachments[1];
        Assert.Contains("refused native XDP with EOPNOTSUPP", attachment.Reason, StringComparison.Ordinal);
        Assert.Contains(site.Logger.Entries, entry =>
            entry.Level == LogLevel.Information && entry.Text.Contains(attachment.Reason!, StringComparison.Ordinal));
        Assert.Equal($"lo has no XDP in its driver: {attachment.Reason}", datapath.WhyNotXdp);
        Assert.Null(site.ProgramOn("lo"));
        Assert.Empty(site.Node.Invoke(datapath.CheckSetup));
    }

    [RootFact]
    public void Next_start_takes_xdp_where_all_drivers_have_it()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open(site.Options with { Interfaces = ["eth0", "lo"] }))
        {
            first.WriteService(Samples.Vip4, Samples.Service with { ByTc = true });
        }

        using KernelDatapath next = site.Open();

        Assert.Null(next.WhyNotXdp);
        Assert.Equal((int)next.Program.ReadId(), site.ProgramOn("eth0"));
        Assert.True(next.ReadServices()[Samples.Vip4].ByTc, "what was there forwards until it is written anew");
    }

    [RootFact]
    public void Generic_is_what_who_asks_for_it_gets()
    {
        using var site = new TestSite();

        using KernelDatapath datapath =
            site.Open(site.Options with { Interfaces = ["eth0", "lo"], Attach = AttachMode.Generic });

        Assert.All(datapath.Attachments, attachment => Assert.Equal(
            (AttachedXdp.Generic, "lb.attach = generic"), (attachment.Xdp, attachment.Reason)));
        Assert.Null(datapath.WhyNotXdp);
        Assert.Contains(site.Logger.Entries, entry =>
            entry.Level == LogLevel.Warning && entry.Text.Contains("generically", StringComparison.Ordinal));
    }

    [RootFact]
    public void Driver_without_xdp_is_an_error_when_native_is_asked_for()
    {
        using var site = new TestSite();

        KernelException refused = Assert.Throws<KernelException>(
            () => site.Open(site.Options with { Interfaces = ["lo"], Attach = AttachMode.Native }));

        Assert.Contains("lo", refused.Call, StringComparison.Ordinal);
        Assert.Contains("lb.attach = auto", refused.Mend, StringComparison.Ordinal);
        Assert.False(Directory.Exists(site.PinRoot), "the failed start left pins");
    }

    [RootFact]
    public void Change_of_the_configured_mode_attaches_anew()
    {
        using var site = new TestSite();
        site.Open(site.Options with { Attach = AttachMode.Generic }).Dispose();

        using KernelDatapath native = site.Open(site.Options with { Attach = AttachMode.Native });

        Assert.True(Assert.Single(native.Attachments).Native);
    }

    [RootFact]
    public void Change_of_mode_that_the_driver_refuses_leaves_the_attachment_as_it_was()
    {
        using var site = new TestSite();
        DatapathOptions generic = site.Options with { Interfaces = ["lo"], Attach = AttachMode.Generic };
        site.Open(generic).Dispose();
        int? running = site.ProgramOn("lo");

        Assert.Throws<KernelException>(() => site.Open(generic with { Attach = AttachMode.Native }));

        Assert.NotNull(running);
        Assert.Equal(running, site.ProgramOn("lo"));
        using KernelDatapath next = site.Open(generic);
        Assert.Equal((int)next.Program.ReadId(), site.ProgramOn("lo"));
    }

    [RootFact]
    public void Generic_attachment_is_kept_under_auto_with_the_reason()
    {
        using var site = new TestSite();
        site.Open(site.Options with { Attach = AttachMode.Generic }).Dispose();

        using KernelDatapath second = site.Open();

        Attachment attachment = Assert.Single(second.Attachments);
        Assert.Equal(AttachedXdp.Generic, attachment.Xdp);
        Assert.Contains("earlier start", attachment.Reason, StringComparison.Ordinal);
        Assert.Contains(attachment.Reason!, second.WhyNotXdp, StringComparison.Ordinal);
    }

    [RootFact]
    public void Start_that_fails_half_way_removes_what_it_made()
    {
        using var site = new TestSite();
        TestNamespace.Connect(site.Node, "eth1", site.Peer, "peer1");
        using KernelDatapath other = site.Open(site.Options with { Site = "other", Interfaces = ["eth1"] });

        KernelException refused = Assert.Throws<KernelException>(
            () => site.Open(site.Options with { Interfaces = ["eth0", "eth1"] }));

        Assert.Equal("EBUSY", refused.ErrnoName);
        Assert.Contains("Another XDP program", refused.Mend, StringComparison.Ordinal);
        Assert.Null(site.ProgramOn("eth0"));
        Assert.False(Directory.Exists(site.PinRoot), "the failed start left pins");
        Assert.Equal((int)other.Program.ReadId(), site.ProgramOn("eth1"));
    }

    [RootFact]
    public void Start_that_fails_half_way_leaves_what_it_adopted_as_it_was()
    {
        using var site = new TestSite();
        TestNamespace.Connect(site.Node, "eth1", site.Peer, "peer1");
        using KernelDatapath other = site.Open(site.Options with { Site = "other", Interfaces = ["eth1"] });
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, Samples.Service);
        }

        int? running = site.ProgramOn("eth0");

        Assert.Throws<KernelException>(() => site.Open(site.Options with { Interfaces = ["eth0", "eth1"] }));

        Assert.Equal(running, site.ProgramOn("eth0"));
        using KernelDatapath next = site.Open();
        Assert.Equal([Samples.Vip4], next.ReadServices().Keys);
    }
}
