using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>What the flow log says of associations: their clients' INIT, and how their clients end them.</summary>
public class SctpLogTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    /// <summary>What a client sends at last: it has begun to shut down, its backend has, or it breaks off.</summary>
    public static TheoryData<byte[], FlowEventKind> Ends { get; } = new()
    {
        { [SctpChunk.Shutdown, SctpChunk.ShutdownComplete], FlowEventKind.End },
        { [SctpChunk.ShutdownAck], FlowEventKind.End },
        { [SctpChunk.ShutdownComplete], FlowEventKind.End },
        { [SctpChunk.Abort], FlowEventKind.Reset },
    };

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Association_is_logged_when_it_begins_and_not_while_it_lasts(Delivery way)
    {
        Scene scene = Logged(way);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow())
            .Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());
        FlowEvent begun = Assert.Single(Read());
        Assert.Equal(
            (FlowEventKind.Begin, scene.Flow, Scene.ServiceId, 1u, _bed.Hook),
            (begun.Kind, begun.Flow, begun.Service, begun.Backend, begun.Hook));

        foreach (byte chunk in (byte[])[SctpChunk.CookieEcho, SctpChunk.Data, SctpChunk.Heartbeat, 255])
        {
            scene.Send(Chunk(scene, chunk), e => e.Forwarded(to: 1));
        }

        Assert.Empty(Read());
    }

    [RootTheory, MemberData(nameof(Ends))]
    public void Association_is_logged_once_when_its_client_ends_it(byte[] chunks, FlowEventKind expected)
    {
        foreach (Delivery way in (Delivery[])[Delivery.Ipip4In4, Delivery.Gue6In6])
        {
            Scene scene = Logged(way);
            foreach (byte chunk in chunks)
            {
                scene.Send(Chunk(scene, chunk), e => e.Forwarded(to: 1));
            }

            Assert.Equal((expected, scene.Flow), Read().Select(e => (e.Kind, e.Flow)).Single());
        }
    }

    private static Packet Chunk(Scene scene, byte chunk) =>
        Packet.Sctp(scene.Delivery.Client(), scene.Delivery.Vip(), chunk);

    private Scene Logged(Delivery way)
    {
        _bed.Run(_bed.Kernel.Log.Forget);
        return Sctp(way).With(service => service with { Logging = FlowLogging.Full });
    }

    private List<FlowEvent> Read()
    {
        List<FlowEvent> events = [];
        _bed.Run(() => events = _bed.Kernel.Log.Read());
        return events;
    }
}
