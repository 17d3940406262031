using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The kernel takes the program and its maps: both were tried.</summary>
internal sealed class ProgramCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        BpfFacts bpf = host.Facts.Bpf;
        if (!bpf.MissingMapTypes.IsEmpty)
        {
            string types = string.Join(", ", bpf.MissingMapTypes);
            yield return Finding.Error(
                "bpf-features",
                types,
                $"This kernel does not make maps of type {types}.",
                "The XDP program keeps its tables in them; lbd does not start.",
                $"boot Linux {BpfFacts.OldestKernel} or newer with CONFIG_BPF_SYSCALL=y");
        }
        else if (bpf.Trial is { Problem: { } problem } && host.Facts.System.Kernel >= BpfFacts.OldestKernel)
        {
            yield return Finding.Error(
                "bpf-program",
                "lb_xdp",
                $"The kernel does not take the XDP program: {problem}",
                "lbd does not start.",
                "see whether a user namespace, lockdown or a security module forbids BPF (dmesg); else report it with "
                + "this text");
        }
    }
}
