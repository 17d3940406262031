using Lb.Host.Doctor;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>At least one fault of every code there is.</summary>
internal static partial class Faults
{
    private const FindingSeverity Error = FindingSeverity.Error;
    private const FindingSeverity Warning = FindingSeverity.Warning;
    private const FindingSeverity Info = FindingSeverity.Info;
    private const ulong All = ulong.MaxValue;

    public static IReadOnlyList<Fault> Known { get; } =
        [
            .. OfTheKernel(), .. OfTheProcess(), .. OfTheRemoteListener(), .. OfTheCluster(), .. OfInterfaces(), .. OfTheNetwork(), .. OfRelays(),
            .. OfAnnouncing(),
        ];

    private static Func<HostFacts, HostFacts> Machine(Func<SystemFacts, SystemFacts> change) =>
        facts => facts with { System = change(facts.System) };

    private static Func<HostFacts, HostFacts> Process(Func<ProcessFacts, ProcessFacts> change) =>
        facts => facts with { Process = change(facts.Process) };

    private static Func<HostFacts, HostFacts> Without(Capability capability) =>
        Process(p => p with { Capabilities = All & ~(1UL << (int)capability) });

    private static Func<HostFacts, HostFacts> Only(params Capability[] capabilities) => Process(
        p => p with { Capabilities = capabilities.Aggregate(0UL, (all, one) => all | (1UL << (int)one)) });

    private static Func<HostFacts, HostFacts> Bpf(Func<BpfFacts, BpfFacts> change) =>
        facts => facts with { Bpf = change(facts.Bpf) };

    private static Func<HostFacts, HostFacts> Trial(string? problem, bool compiled) =>
        Bpf(b => b with { Trial = new ProgramTrial(problem, compiled) });

    private static Func<HostFacts, HostFacts> Lock(int process, string? command, bool? sharesNetwork) =>
        facts => facts with
        {
            Site = facts.Site with { LockHolder = new ProcessReference(process, command, sharesNetwork) },
        };

    private static Func<HostFacts, HostFacts> Start(params MapForecast[] maps) => facts => facts with
    {
        Site = facts.Site with
        {
            Pinned = true,
            Start = new StartForecast([.. maps])
            {
                Problems =
                [
                    .. maps.Where(map => map.Fate == MapFate.Refused).Select(
                        map => new StartProblem($"The pinned map {map.Name} cannot be adopted: {map.Why}.", "Start the other release.")),
                ],
            },
        },
    };

    private static Func<HostFacts, HostFacts> Admin(string problem, bool taken, ProcessReference? holder) =>
        facts => facts with { Admin = new ListenerFacts(problem, taken, holder) };

    private static Fault Remote(
        string code, FindingSeverity severity, string named, Func<RemoteFacts, RemoteFacts> change) =>
        new(code, severity, named, facts => facts with { Remote = change(HealthyHost.Remote) }) { Lines = HealthyHost.RemoteLines };

    private static Fault Certificate(
        string code, FindingSeverity severity, string named, Func<CertificateFacts, CertificateFacts> change) =>
        Remote(code, severity, named, r => r with { Certificate = change(r.Certificate) });

    private static Func<HostFacts, HostFacts> RunDirectory(Func<DirectoryFacts, DirectoryFacts> change) =>
        facts => facts with { RunDirectory = change(facts.RunDirectory) };

    private static Func<HostFacts, HostFacts> Journal(Func<DirectoryFacts, DirectoryFacts> change) =>
        facts => facts with { JournalDirectory = change(facts.JournalDirectory!) };

    private static Func<HostFacts, HostFacts> Network(Func<NetworkFacts, NetworkFacts> change) =>
        facts => facts with { Network = change(facts.Network) };

    private static Func<HostFacts, HostFacts> On(string name, Func<InterfaceFacts, InterfaceFacts> change) =>
        facts => facts.WithInterface(name, change);

    private static Func<HostFacts, HostFacts> OnEach(Func<InterfaceFacts, InterfaceFacts> change) =>
        facts => facts.WithInterfaces(change);

    private static Func<HostFacts, HostFacts> Backend(string address, Func<BackendFacts, BackendFacts> change) =>
        facts => facts.WithBackend(address, change);

    private static Func<HostFacts, HostFacts> Vip(string address, Func<VipFacts, VipFacts> change) =>
        facts => facts.WithVip(address, change);
}
