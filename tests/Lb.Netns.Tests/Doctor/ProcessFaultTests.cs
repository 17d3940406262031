using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>Faults of what the process is given: capabilities, limits, port, lock, file systems.</summary>
public sealed class ProcessFaultTests(DoctorBed bed) : IClassFixture<DoctorBed>
{
    private const string BpfFs = "/sys/fs/bpf";
    private const string RunDirectory = "/run/lb";

    private string Journal => $"{bed.Topology.Folder}/journal";

    /// <summary>As systemd tells a unit with StateDirectory=.</summary>
    private string UsingJournal => $"export STATE_DIRECTORY={Journal}";

    [RootTheory]
    [InlineData("net_admin", "CAP_NET_ADMIN")]
    [InlineData("bpf,-sys_admin", "CAP_BPF")]
    [InlineData("perfmon,-sys_admin", "CAP_PERFMON")]
    public void Missing_capability(string taken, string named)
    {
        Checkup checkup = Checkup.Of(
            bed.Topology, through: ["setpriv", $"--bounding-set=-{taken}", $"--inh-caps=-{taken}"]);

        checkup.AssertError("capabilities", named);
        Assert.Contains(checkup.Findings, f => f.Code == "not-checked");
    }

    [RootFact]
    public void Process_without_any_capability()
    {
        Checkup checkup = Checkup.Of(
            bed.Topology, through: ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]);

        FindingAnswer missing = checkup.Findings.Single(f => f.Code == "capabilities");
        Assert.Contains("CAP_BPF and CAP_NET_ADMIN and CAP_PERFMON", missing.What, StringComparison.Ordinal);
        Assert.Equal(1, checkup.ExitCode);
    }

    [RootFact]
    public void Port_that_is_taken()
    {
        using TcpListener listener = bed.Topology.Lb.Invoke(() =>
        {
            var taken = new TcpListener(IPAddress.Loopback, 9110);
            taken.Start();
            return taken;
        });

        Checkup.Of(bed.Topology).AssertError("admin-port", "127.0.0.1:9110", $"process {Environment.ProcessId}");
    }

    [RootFact]
    public void Lock_that_somebody_else_holds()
    {
        Directory.CreateDirectory(RunDirectory);
        string path = $"{RunDirectory}/{bed.Topology.Site}.lock";
        using Process holder = bed.Topology.Lb.Start("flock", "--no-fork", path, "sleep", "1000");
        try
        {
            Wait.Until(() => Command.TryRun("flock", "--nonblock", path, "true").ExitCode != 0, "the lock is held");

            Checkup.Of(bed.Topology).AssertError("site-lock", bed.Topology.Site, $"process {holder.Id} (sleep)");
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }

    [RootFact]
    public void Lock_of_a_node_in_another_network_namespace()
    {
        Topology here = bed.Topology;
        using Topology there = Topology.WithEchoServers(1);
        Node.SiteSpec site = Route.FullSite(there, "tcp") with { Name = here.Site };
        Node.Lbd.Start(there, site);

        Checkup.Of(here, site).AssertError("site-lock", "another network namespace");
    }

    [RootFact]
    public void Directory_of_locks_that_is_read_only() =>
        Checkup.Of(bed.Topology, through: Mounting($"mount -t tmpfs -o ro none {RunDirectory}"))
            .AssertError("run-directory", RunDirectory, "EROFS");

    [RootFact]
    public void Directory_of_locks_that_is_full() =>
        Checkup.Of(bed.Topology, through: Mounting(Filling(RunDirectory)))
            .AssertError("disk-space", RunDirectory, "full");

    [RootFact]
    public void Directory_of_the_journal_that_is_read_only() =>
        Checkup.Of(bed.Topology, through: Mounting($"mount -t tmpfs -o ro none {Journal}; {UsingJournal}"))
            .AssertError("journal-directory", Journal, "EROFS");

    [RootFact]
    public void Directory_of_the_journal_that_is_full() =>
        Checkup.Of(bed.Topology, through: Mounting($"{Filling(Journal)}; {UsingJournal}"))
            .AssertError("disk-space", Journal, "full");

    [RootFact]
    public void Limit_of_open_files_that_is_too_low()
    {
        Checkup.Of(bed.Topology, through: ["prlimit", "--nofile=200:200"]).AssertError("open-files", "200");
    }

    [RootFact]
    public void Bpf_file_system_that_is_not_mounted_is_mounted()
    {
        string[] without = Mounting($"umount {BpfFs}");

        FindingAnswer finding = Checkup.Of(bed.Topology, through: without).AssertWarning("bpffs", BpfFs);
        finding.AssertFixable();
        Checkup mended = Checkup.Of(bed.Topology, fix: true, through: without);
        mended.AssertHealthy();
        FixAnswer fix = Assert.Single(mended.Fixes);
        Assert.True(fix.Done, fix.Problem);
        Assert.Equal($"mount -t bpf bpf {BpfFs}", fix.Command);
    }

    /// <summary>Commands that mount a small file system at a directory and fill it.</summary>
    private static string Filling(string directory) =>
        $"mount -t tmpfs -o size=64k none {directory}; dd if=/dev/zero of={directory}/fill bs=4k 2>&-";

    /// <summary>Runs what follows in a mount namespace of its own, after some commands.</summary>
    private string[] Mounting(string commands) =>
        ["unshare", "--mount", "sh", "-c", $"mkdir -p {RunDirectory} {Journal}; {commands}; exec \"$@\"", "sh"];
}
