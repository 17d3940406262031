namespace Lb.Host.Doctor.Checks;

/// <summary>The kernel describes its own types.</summary>
internal sealed class TypeInformationCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (!host.Facts.Bpf.TypeInformation)
        {
            yield return Finding.Warning(
                "kernel-btf",
                "/sys/kernel/btf/vmlinux",
                "This kernel has no type information (BTF).",
                "Programs that look into the kernel cannot be loaded, and bpftool shows maps as bare bytes.",
                "boot a kernel with CONFIG_DEBUG_INFO_BTF=y");
        }
    }
}
