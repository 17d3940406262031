using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

internal static partial class Faults
{
    private static IEnumerable<Fault> OfTheKernel() =>
    [
        new("kernel-version", Error, "5.10", f =>
            Process(p => p with { LockedMemory = All })(Machine(s => s with { Kernel = new Version(5, 10, 3) })(f))),
        new("memlock", Error, "8192 KiB", Machine(s => s with { Kernel = new Version(5, 10, 0) })),
        new("kernel-btf", Warning, "BTF", Bpf(b => b with { TypeInformation = false })),
        new("libbpf", Error, "libbpf.so.1", Bpf(b => b with { Library = null, Trial = null })),
        new("bpf-features", Error, "LpmTrie", Bpf(b => b with
        {
            MissingMapTypes = ["LpmTrie"], Trial = new ProgramTrial("no such map", Compiled: false),
        })),
        new("bpf-program", Error, "EPERM", Trial("bpf_object__load(lb_xdp) failed with EPERM.", compiled: false)),
        new("bpf-jit", Warning, "JIT", Trial(problem: null, compiled: false)),
        new("bpffs", Warning, "/sys/fs/bpf", Bpf(b => b with { FileSystemMounted = false })),
        new("bpffs-access", Error, "EACCES", Bpf(b => b with { FileSystemProblem = "it may not write to X (EACCES)." })),
        new("memory", Error, "100 MiB", Machine(s => s with { AvailableMemory = 64 << 20 })),
        new("clock-source", Warning, "hpet", Machine(s => s with { ClockSource = "hpet" })),
        new("clock-sync", Info, "clock", Machine(s => s with { ClockSynchronised = false })),
        new("conntrack", Warning, "950", Network(n => n with { Conntrack = (950, 1000) })),
        new("firewall-forward", Warning, "inet guard through", Network(n => n with
        {
            DroppingChains = ["inet guard through"],
        })),
    ];

    private static IEnumerable<Fault> OfTheProcess() =>
    [
        new("capabilities", Error, "CAP_NET_ADMIN", Without(Capability.NetAdmin)),
        new("capabilities", Error, "CAP_BPF", Only(Capability.NetAdmin, Capability.Perfmon)),
        new("capabilities", Error, "CAP_PERFMON", Only(Capability.NetAdmin, Capability.Bpf)),
        new("capabilities", Error, "CAP_NET_BIND_SERVICE", Without(Capability.NetBindService))
        {
            Lines = "lb.admin.port = 80",
        },
        new("open-files", Error, "64", Process(p => p with { OpenFiles = 64 })),
        new("run-directory", Error, "EROFS", RunDirectory(d => d with { Problem = "/run cannot be written to (EROFS)" })),
        new("journal-directory", Error, "EACCES", Journal(d => d with { Problem = "/var cannot be written to (EACCES)" })),
        new("disk-space", Error, "/run/lb is full", RunDirectory(d => d with { FreeBytes = 0 })),
        new("disk-space", Error, "no further file", RunDirectory(d => d with { FreeFiles = 0 })),
        new("disk-space", Warning, "/run/lb is nearly full", RunDirectory(d => d with { FreeBytes = 100_000 })),
        new("disk-space", Error, "/var/lib/lb is full", Journal(d => d with { FreeBytes = 0 })),
        new("disk-space", Warning, "/var/lib/lb is nearly full", Journal(d => d with { FreeBytes = 20 << 20 })),
        new("admin-port", Error, "process 7 (nginx)", Admin("in use", taken: true, new(7, "nginx", true))),
        new("admin-port", Error, "another process", Admin("in use", taken: true, holder: null)),
        new("admin-port", Error, "Permission denied", Admin("Permission denied", taken: false, holder: null)),
        new("site-lock", Error, "process 7 (sleep)", Lock(7, "sleep", sharesNetwork: true)),
        new("site-lock", Error, "another network namespace", Lock(7, "lbd", sharesNetwork: false)),
        new("pinned-maps", Error, "lb_backends cannot be adopted: its element 900 is in use", Start(
            new MapForecast("lb_backends", MapFate.Refused, "its element 900 is in use", 0))),
        new("pinned-maps", Info, "2 of 3 maps as they are: lb_flows4, lb_resets.", Start(
            new MapForecast("lb_backends", MapFate.Kept, null, 0),
            new MapForecast("lb_flows4", MapFate.Carried, "its value size is 24 where 16 is needed", 7),
            new MapForecast("lb_resets", MapFate.Anew, "its value size is 24 where 16 is needed", 0))),
        new("running", Info, "process 7 (lbd)", Lock(7, "lbd", sharesNetwork: true)),
        new("running", Info, "process 0.", Lock(0, command: null, sharesNetwork: null)),
        new("running", Info, "This process", Lock(100, "lbd", sharesNetwork: true)),
        new("not-checked", Info, "because", f => f with { Unread = ["something: because"] }),
        new("not-checked", Info, "eth0", On("eth0", i => i with { Xdp = new(5, null, "xdp", true, Ours: null) })),
    ];
}
