using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Lb.Actors;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Plans;

/// <summary>The actors of a site over the real maps, with the real program to send packets through.</summary>
internal sealed class ReplaySite : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private static readonly ChangeInfo s_info =
        new(ChangeOrigin.File, "test", "site.conf", "", DateTimeOffset.UnixEpoch);

    private readonly LoadedDatapath _datapath = new DatapathSpec(
        new MapSizes { Services = 16, Backends = 1024, Flows = 1 << 18, Pending = 1 << 18, Direct = 64 },
        insertRate: 1_000_000_000).Load();

    private readonly FakeNeighbours _neighbours = new();
    private readonly ActorSystem _system = ActorSystem.Create("replay");
    private readonly IActorRef _site;

    public ReplaySite(SiteConfig config)
    {
        Config = config;
        _site = _system.ActorOf(
            SiteActor.Props(new ApplyConfig(config, s_info), _datapath, _neighbours, new FakeClock()), "site");
        Wait.Until(() => Written().Count == config.Services.Count, "every service is in the kernel", AnswerTime);
    }

    public SiteConfig Config { get; private set; }

    public SitePlan Plan(SiteConfig config) => Assert.IsType<SitePlan>(Ask(new PlanSite(config)));

    /// <summary>Puts another config in force, in which every service differs, and waits for the kernel.</summary>
    public void Apply(SiteConfig config)
    {
        Dictionary<string, long> before = Written();
        Assert.IsType<ConfigApplied>(Ask(new ApplyConfig(config, s_info)));
        Config = config;
        Wait.Until(
            () => Written() is { } now && config.Services.Keys.All(name => now.GetValueOrDefault(name) > before[name]),
            "every service's new table is in the kernel",
            AnswerTime);
    }

    /// <summary>Sends a packet through the program; the address of the backend that it goes to, null for none.</summary>
    public IPAddress? Send(byte[] frame)
    {
        TestRun run = _datapath.Program.Run(frame);
        bool isV4 = frame[12] == 8;
        return run.Action is XdpAction.Transmit or XdpAction.Redirect
            ? new IPAddress(run.Packet.AsSpan(isV4 ? 30 : 38, isV4 ? 4 : 16))
            : null;
    }

    /// <summary>Has the program forget flows.</summary>
    public void Forget(IReadOnlyCollection<Flow> flows) => _datapath.DeleteFlows(flows);

    /// <summary>Where new flows of a service go, by slot, as the kernel has it.</summary>
    public IPAddress?[] NewFlows(Endpoint vip)
    {
        IReadOnlyDictionary<uint, BackendEntry> backends = _datapath.ReadBackends();
        return [.. _datapath.ReadTable(_datapath.ReadServices()[vip].Table)!
            .Select(slot => backends.GetValueOrDefault(slot.Current)?.Address)];
    }

    public void Dispose()
    {
        _system.Terminate().Wait(AnswerTime);
        _system.Dispose();
        _neighbours.Dispose();
        _datapath.Dispose();
    }

    private object Ask(object question) => _site.Ask<object>(question, AnswerTime).GetAwaiter().GetResult();

    /// <summary>Revisions of the services that the kernel holds the newest of.</summary>
    private Dictionary<string, long> Written() =>
        ((ServicesSnapshot)Ask(new GetServices())).Services
            .Where(service => service.Revision > 0 && service.Written == service.Revision)
            .ToDictionary(service => service.Name, service => service.Written);
}
