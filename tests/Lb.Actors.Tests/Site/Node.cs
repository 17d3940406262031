using System.Net;
using Akka.Actor;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>A node's actors on a datapath in memory, with helpers to see what the kernel would do.</summary>
internal sealed class Node : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);
    private readonly ActorSystem _system;

    public Node(
        SiteConfig config,
        Node? before = null,
        Action<FakeDatapath>? prepare = null,
        SiteDatabase? database = null,
        FakeProber? prober = null,
        Func<TimeProvider, SharingParts>? share = null,
        IConfigPeers? peers = null,
        IVotePeers? voters = null,
        bool keepsCopy = false)
    {
        Config = config;
        Datapath = before?.Datapath ?? new FakeDatapath();
        Clock = before?.Clock ?? new CrashingClock();
        Prober = prober ?? before?.Prober ?? new FakeProber();
        prepare?.Invoke(Datapath);
        _system = database is null ? ActorSystem.Create("test") : ActorSystem.Create("test", database.Setup);
        Site = _system.ActorOf(SiteActor.Props(new ApplyConfig(config, Configs.Info), Datapath, Neighbours, Clock, Prober, relays: Relays, voters: voters,
            shared: peers is null ? null : new JournalPlace("lab")
            {
                Peers = peers,
                KnownPlugin = "akka.persistence.snapshot-store.known",
                JournalPlugin = keepsCopy ? "akka.persistence.journal.shared" : null,
                SnapshotPlugin = keepsCopy ? "akka.persistence.snapshot-store.shared" : null,
                KeepsCopy = keepsCopy,
            },
            sharing: share?.Invoke(Clock)), "site");
    }

    public SiteConfig Config { get; private set; }

    public ActorSystem System => _system;

    public IActorRef Site { get; }

    public FakeDatapath Datapath { get; }

    public FakeRelayEngine Relays { get; } = new();

    public FakeNeighbours Neighbours { get; } = new();

    public FakeProber Prober { get; }

    public CrashingClock Clock { get; }

    /// <summary>A running node whose kernel has what is configured.</summary>
    public static Node Start(params ServiceConfig[] services)
    {
        Node node = new(Configs.Site(services));
        node.WaitFor(() => node.Snapshot().Config.InForce, "the config is in force");
        foreach (ServiceConfig service in services)
        {
            node.WaitFor(
                () => node.Service(service.Vip)?.Slots > 0 || service.Backends.IsEmpty,
                $"service {service.Name} has a table");
        }

        return node;
    }

    public ServicesSnapshot Snapshot() =>
        Site.Ask<ServicesSnapshot>(new GetServices(), AnswerTime).GetAwaiter().GetResult();

    public SiteConfig? InForce() =>
        Site.Ask<SiteInForce>(new GetSite(), AnswerTime).GetAwaiter().GetResult().Site;

    public ServiceSnapshot Web()
    {
        ServiceSnapshot? web = null;
        WaitFor(() => (web = Snapshot().Services.SingleOrDefault(service => service.Name == "web")) is not null, "web runs");
        return web!;
    }

    public BackendSnapshot Backend(int number) => Web().Backends.Single(b => b.Address.Equals(Configs.Address(number)));

    public object Apply(SiteConfig config)
    {
        object answer = Ask(new ApplyConfig(config, Configs.Info));
        Config = answer is ConfigApplied ? config : Config;
        return answer;
    }

    /// <summary>Changes the site at run time.</summary>
    public ConfigApplied Run(params SiteChange[] changes) =>
        Assert.IsType<ConfigApplied>(Ask(new ChangeSite([.. changes], Configs.Operator)));

    public object Ask(object message) => Site.Ask<object>(message, AnswerTime).GetAwaiter().GetResult();

    /// <summary>Changes the service <c>web</c>.</summary>
    public object Change(Func<ServiceConfig, ServiceConfig> change) =>
        Apply(Config with { Services = Config.Services.SetItem("web", change(Config.Services["web"])) });

    public void WaitFor(Func<bool> condition, string what)
    {
        try
        {
            Wait.Until(condition, what, TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} {Snapshot().Config}", e);
        }
    }

    /// <summary>What the kernel has for a VIP; null when nothing.</summary>
    public ServiceEntry? Service(Endpoint vip) => Datapath.ReadServices().GetValueOrDefault(vip);

    /// <summary>The slots of <c>web</c> with the last octet of their backends' addresses: 0 for none.</summary>
    public (int Current, int Previous)[] Table()
    {
        if (Service(Configs.Vip) is not { Slots: > 0 } service || Datapath.ReadTable(service.Table) is not { } slots)
        {
            return [];
        }

        IReadOnlyDictionary<uint, BackendEntry> backends = Datapath.ReadBackends();
        return [.. slots.Select(slot => (Number(slot.Current), Number(slot.Previous)))];

        int Number(uint index) => backends.TryGetValue(index, out BackendEntry? entry) ? entry.Address.GetAddressBytes()[3] : 0;
    }

    public uint Index(int backend) =>
        Datapath.ReadBackends().Single(entry => entry.Value.Address.Equals(Configs.Address(backend))).Key;

    /// <summary>Gives a backend a flow in the flow table, on a slot.</summary>
    public void AddFlow(ushort port, int backend, int slot, TimeSpan idle = default) => Datapath.AddFlow(new FlowRecord(
        new Flow(IPAddress.Parse("198.51.100.9"), port, Configs.Vip.Address, 80, TransportProtocol.Tcp),
        Index(backend),
        Service(Configs.Vip)!.Id,
        (uint)slot,
        idle,
        Pending: false));

    public void Dispose()
    {
        _system.Terminate().Wait(AnswerTime);
        _system.Dispose();
    }
}
