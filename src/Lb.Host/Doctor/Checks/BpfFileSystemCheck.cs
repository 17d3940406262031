using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>There is a BPF file system, and the process may pin maps in it.</summary>
internal sealed class BpfFileSystemCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        BpfFacts bpf = host.Facts.Bpf;
        if (!bpf.FileSystemMounted)
        {
            yield return Finding.Warning(
                "bpffs",
                bpf.FileSystemPath,
                $"No BPF file system is mounted at {bpf.FileSystemPath} (lb.kernel.bpffs).",
                "lbd mounts it when it starts, if it may; in a mount namespace of its own nobody else sees what it "
                + "pins there, and the next start adopts nothing.",
                "add it to /etc/fstab for the next boot")
                .FixedBy(new HostFix.MountBpf(bpf.FileSystemPath));
        }
        else if (bpf.FileSystemProblem is { } problem)
        {
            yield return Finding.Error(
                "bpffs-access",
                bpf.FileSystemPath,
                $"This user may not pin maps in {bpf.FileSystemPath} (lb.kernel.bpffs): {problem}",
                "What is not pinned ends with the process; lbd does not start.",
                $"as root: chmod o+x {bpf.FileSystemPath}; install -d -o USER {bpf.FileSystemPath}/lb; "
                + $"chown -R USER {bpf.FileSystemPath}/lb");
        }
    }
}
