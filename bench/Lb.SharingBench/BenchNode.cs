using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Lb.Actors;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.SharingBench;

/// <summary>A node of a bench: its actors, on the program and maps of its own in the kernel.</summary>
internal sealed class BenchNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ActorSystem _system;
    private readonly IActorRef _site;

    public BenchNode(int number, int nodes)
    {
        Datapath = new DatapathSpec(new MapSizes { Services = 16, Backends = 256, Flows = 4 << 20, Pending = 1 << 20 }, int.MaxValue).Load();
        Mates = new Mates(number, nodes);
        _system = ActorSystem.Create($"node{number}", ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loglevel = OFF }"));
        // With full tracking each flow has an entry, and each is told.
        ServiceConfig service = new(
            "web", Vip, ForwardingMode.DsrIpip, Tracking.Full, TimeSpan.FromMinutes(15), Slots: 65_537, Seed: 1,
            Enumerable.Range(1, 100)
                .Select(n => new BackendConfig($"b{n}", IPAddress.Parse($"10.9.0.{n}"), 80, 1, BackendAdmin.Enabled))
                .ToImmutableSortedDictionary(backend => backend.Name, backend => backend),
            new HealthConfig(new HealthCheck.None(), 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1, 1, 0));
        SiteConfig site = new(
            "bench", [], ImmutableSortedDictionary<string, ServiceConfig>.Empty.Add("web", service),
            new FlowsConfig(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), TimeSpan.FromMinutes(1));
        ChangeInfo info = new(ChangeOrigin.File, "bench", "bench", "", DateTimeOffset.UtcNow);
        _site = _system.ActorOf(
            SiteActor.Props(
                new ApplyConfig(site, info), Datapath, new FakeNeighbours(), TimeProvider.System,
                sharing: new SharingParts(Mates, new JoinGate(TimeProvider.System), new SharingBoard())),
            "site");
    }

    public static Endpoint Vip { get; } = new(IPAddress.Parse("192.0.2.1"), 80, TransportProtocol.Tcp);

    public LoadedDatapath Datapath { get; }

    public Mates Mates { get; }

    public SharingSnapshot Sharing => _site.Ask<SharingSnapshot>(new GetSharing(), Patience).GetAwaiter().GetResult();

    public bool IsWhole => Sharing is { IsEstablished: true, Peers: var peers } && peers.All(peer => peer.IsWhole);

    public void Dispose()
    {
        _system.Terminate().Wait(Patience);
        _system.Dispose();
        Mates.Dispose();
        Datapath.Dispose();
    }
}
