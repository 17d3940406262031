using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The program runs as machine code.</summary>
internal sealed class CompilerCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Bpf.Trial is { Problem: null, Compiled: false })
        {
            yield return Finding.Warning(
                "bpf-jit",
                "net.core.bpf_jit_enable",
                "The kernel interprets BPF programs: its compiler (JIT) is off.",
                "Every packet costs several times as much.",
                "")
                .FixedBy(new HostFix.SetSysctl("net/core/bpf_jit_enable", 1));
        }
    }
}
