using System.Buffers.Binary;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Opens flows of full-nat: each end sends, as the entries of established flows are other ones than those of new ones.</summary>
internal static class FullNatFlows
{
    private const int Ethernet = 14;

    /// <summary>Opens the flows of a workload, beside those that are there.</summary>
    public static void Open(Balancer balancer, Workload workload, int flows)
    {
        balancer.TakeFullNat(true);
        int before = Count(balancer).Flows;
        XdpProgram program = balancer.Datapath.Program;
        for (int flow = 0; flow < flows; flow++)
        {
            byte[] frame = Wrapper.FrameOf(workload, flow);
            TestRun there = Sent(program.Run(frame));
            // That the host has no route to the client, and gets it, is of no matter: the flow has heard of the backend.
            program.Run(Answer(there.Packet, workload.Family));
            Sent(program.Run(frame));
        }

        FullNatSweep after = Count(balancer);
        if (after.Flows != before + flows || after.New > 0)
        {
            throw new InvalidOperationException(
                $"{after.Flows - before} of {flows} flows of {workload.Name} were opened, {after.New} of them by one end alone.");
        }
    }

    private static FullNatSweep Count(Balancer balancer) => balancer.Datapath.SweepFullNat(_ => false);

    private static TestRun Sent(TestRun run) => run.Action == XdpAction.Transmit
        ? run
        : throw new InvalidOperationException($"The program returned {run.Action}, not {XdpAction.Transmit}.");

    /// <summary>What the backend sends back: the same with its ends exchanged. Sums stay as they are, for nobody looks.</summary>
    private static byte[] Answer(byte[] sent, AddressFamily family)
    {
        byte[] answer = [.. sent];
        (int at, int size) = family == AddressFamily.InterNetwork ? (Ethernet + 12, 4) : (Ethernet + 8, 16);
        sent.AsSpan(at, size).CopyTo(answer.AsSpan(at + size));
        sent.AsSpan(at + size, size).CopyTo(answer.AsSpan(at));
        int ports = at + (2 * size);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(ports), BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(ports + 2)));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(ports + 2), BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(ports)));
        return answer;
    }
}
