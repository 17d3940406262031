using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>There is a BPF file system to pin maps in.</summary>
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
    }
}
