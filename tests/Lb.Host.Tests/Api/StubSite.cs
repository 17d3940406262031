using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Tests.Api;

/// <summary>Answers as a site with one service would.</summary>
internal sealed class StubSite : ReceiveActor
{
    public StubSite() => Receive<GetServices>(_ => Sender.Tell(Snapshot));

    public static ServicesSnapshot Snapshot { get; } = new(
        "stub",
        new ConfigSnapshot(InForce: true, Revision: 1, RuntimeChanges: 2, Problem: null),
        [
            new ServiceSnapshot(
                "web", new Endpoint(IPAddress.Parse("2001:db8::1"), 80, TransportProtocol.Tcp), ForwardingMode.DsrIpip,
                Tracking.Minimal, Revision: 3, Written: 3, Problem: null, "d1g3st", Slots: 4093, MovedSlots: 2,
                TrackedFlows: 1, new Traffic(new(10, 1000), default, new(1, 60), 4, 3, 2),
                [
                    Backend("b1", BackendState.Up, BackendAdmin.Enabled),
                    Backend("b2", BackendState.Draining, BackendAdmin.Drain),
                ])
            {
                Logging = FlowLogging.Sampled,
            },
        ],
        new KernelSnapshot(
            KernelHealth.Good, null, 0, [new Attachment("eth0", 2, AttachedXdp.Generic, "no driver support")],
            ImmutableSortedDictionary<Verdict, Counter>.Empty.Add(Verdict.DropNoBackend, new Counter(5, 300)))
        {
            FlowTables =
            [
                new(new FlowTableUse(AddressFamily.InterNetwork, FlowTableKind.Established, 900, 1024, 12), Lately: 5),
                new(new FlowTableUse(AddressFamily.InterNetworkV6, FlowTableKind.Pending, 1, 256, 0), Lately: 0),
            ],
        });

    private static BackendSnapshot Backend(string name, BackendState state, BackendAdmin admin) => new(
        name, IPAddress.Parse("fd00::11"), 80, state, admin, false, 100, 2046, 0.5, PreviousSlots: 7, TrackedFlows: 9,
        default);
}
