using Lb.Kernel.Host;
using Lb.Kernel.Programs;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>What is missing is said in one sentence, with the mend.</summary>
[Collection(KernelCollection.Name)]
public sealed class RequirementTests
{
    [Theory]
    [InlineData("5.4.0")]
    [InlineData("5.10.0")]
    [InlineData("5.11.0")] // has no bpf_check_mtu
    public void Old_kernel_is_refused(string version) => AssertMend(
        Assert.Throws<KernelException>(() => KernelRequirements.CheckVersion(Version.Parse(version))),
        $"Linux {version[..^2]}", "5.12 or newer");

    [Theory]
    [InlineData("", "CAP_BPF and CAP_NET_ADMIN and CAP_PERFMON")]
    [InlineData("Bpf", "CAP_NET_ADMIN and CAP_PERFMON")]
    [InlineData("SysAdmin", "CAP_NET_ADMIN")]
    [InlineData("NetAdmin Perfmon", "CAP_BPF")]
    [InlineData("Bpf Perfmon", "CAP_NET_ADMIN")]
    [InlineData("Bpf NetAdmin", "CAP_PERFMON")]
    public void Missing_capabilities_are_named(string held, string missing) => AssertMend(
        Assert.Throws<KernelException>(() => KernelRequirements.CheckCapabilities(Bits(held))),
        $"without {missing}:", "CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON");

    [Theory]
    [InlineData("Bpf NetAdmin Perfmon")]
    [InlineData("SysAdmin NetAdmin")] // as before Linux 5.8
    public void Capabilities_that_are_enough_are_accepted(string held) =>
        KernelRequirements.CheckCapabilities(Bits(held));

    [RootFact]
    public void Interface_that_is_not_there_is_named()
    {
        using var site = new TestSite();

        AssertMend(
            Assert.Throws<KernelException>(() => site.Open(site.Options with { Interfaces = ["eth0", "eth9"] })),
            "Interface eth9 is not there", "lb.interfaces");
        Assert.Null(site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Bpf_file_system_that_cannot_be_mounted_is_named()
    {
        using var site = new TestSite();

        AssertMend(
            Assert.Throws<KernelException>(() => site.Open(site.Options with { BpfFs = "/proc/lbk" })),
            "no BPF file system at /proc/lbk", "mount -t bpf bpf /proc/lbk");
    }

    [RootFact]
    public void Bpf_file_system_is_mounted_where_it_is_missing()
    {
        using var site = new TestSite();
        Assert.False(BpfFileSystem.IsAt(site.Options.BpfFs));

        site.Open().Dispose();

        Assert.True(BpfFileSystem.IsAt(site.Options.BpfFs));
    }

    [RootFact]
    public void Site_that_another_process_holds_is_refused_with_its_pid()
    {
        using var site = new TestSite();
        using KernelDatapath first = site.Open();

        AssertMend(
            Assert.Throws<KernelException>(() => site.Open()),
            $"Site test is held by process {Environment.ProcessId}", "stop that one first");
        Assert.Throws<KernelException>(() => site.Cleanup());
        Assert.NotNull(site.ProgramOn("eth0"));
    }

    [RootFact]
    public void Site_is_free_again_after_a_start_that_failed()
    {
        using var site = new TestSite();
        Assert.Throws<KernelException>(
            () => site.Open(site.Options with { Interfaces = ["lo"], Attach = AttachMode.Native }));

        using KernelDatapath datapath = site.Open();

        Assert.Single(datapath.Attachments);
    }

    private static ulong Bits(string capabilities) => capabilities
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(0UL, (bits, name) => bits | (1UL << (int)Enum.Parse<Capability>(name)));

    private static void AssertMend(KernelException refused, string problem, string mend)
    {
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Contains(mend, refused.Mend, StringComparison.Ordinal);
        Assert.Contains(mend, refused.Message, StringComparison.Ordinal);
    }
}
