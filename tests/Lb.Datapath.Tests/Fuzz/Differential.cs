using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>Sends packets through the program and the model in step and tells where they first differ.</summary>
internal sealed class Differential(Testbed bed)
{
    private static readonly uint[] Services = [.. Enumerable.Range(0, 8).Select(i => (uint)i)];
    private static readonly uint[] Backends = [.. Enumerable.Range(0, (int)Universe.Backends + 2).Select(i => (uint)i)];

    /// <summary>Verdicts and actions that the packets so far have met.</summary>
    public SortedDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs a batch; afterwards the world is as both left it.</summary>
    /// <returns>Null when both agree in everything.</returns>
    public string? Run(World world, IReadOnlyList<(int Ingress, byte[] Frame)> batch)
    {
        World start = world.Copy();
        string? difference = RunOnce(world, batch, out int at);
        return difference is null ? null : Explain(start, batch, at, difference);
    }

    /// <summary>Compares answers packet by packet, counters and flow tables at the end.</summary>
    private string? RunOnce(World world, IReadOnlyList<(int Ingress, byte[] Frame)> batch, out int at)
    {
        bed.Kernel.Apply(world);
        bed.Kernel.ReadNews();
        world.News.Clear();
        Tally before = bed.Kernel.ReadCounters(Services, Backends);
        var model = new Model.Datapath(world, new Tally());
        for (at = 0; at < batch.Count; at++)
        {
            (int ingress, byte[] frame) = batch[at];
            world.Ingress = ingress;
            ulong told = ToldBy(model);
            Outcome expected = model.Run(frame);
            // What is made into an answer is cut, and the host's sum of it given up.
            TestRun program = bed.Kernel.Run(frame, ingress, hasSum: told == ToldBy(model));
            See(expected.Action.ToString(), 1);
            See("Sctp", expected.Action is XdpAction.Redirect && Frame.Read(frame)?.Protocol == (byte)TransportProtocol.Sctp ? 1 : 0);
            if (program.Action != bed.Kernel.Seen(expected.Action))
            {
                return $"action is {program.Action}, the model says {expected.Action}; counters moved by\n"
                    + bed.Kernel.ReadCounters(Services, Backends).Since(before);
            }

            if (!program.Packet.AsSpan().SequenceEqual(expected.Bytes))
            {
                return $"{Compare.Where(expected.Bytes, program.Packet)}\n"
                    + $"program  {Compare.Hex(program.Packet)}\nmodel    {Compare.Hex(expected.Bytes)}";
            }
        }

        List<FlowNews> news = bed.Kernel.ReadNews();
        if (!news.SequenceEqual(world.News))
        {
            return $"news are\n{string.Join('\n', news)}\nthe model says\n{string.Join('\n', world.News)}";
        }

        See("News", news.Count);
        See("Fragments", world.Fragments.Count);
        See("Followed", world.Followed);
        See("Returned", world.Returned);
        world.Followed = world.Returned = 0;
        See("Ranged", world.Ranged);
        world.Ranged = 0;
        See("RangedReplies", world.RangedReplies);
        world.RangedReplies = 0;
        See("Named", world.Named);
        world.Named = 0;
        world.News.Clear();
        See(model.Tally);
        string counters = bed.Kernel.ReadCounters(Services, Backends).Since(before).ToString();
        string wanted = model.Tally.ToString();
        if (counters != wanted)
        {
            return $"counters moved by\n{counters}\nthe model says\n{wanted}";
        }

        string flows = Compare.Differences("established", world.Flows, bed.Kernel.Flows.ReadFlows())
            + Compare.Differences("pending", world.Pending, bed.Kernel.Flows.ReadPending())
            + Compare.Differences(world.Clients, bed.Kernel.Clients.Read())
            + Compare.Differences(world.Fragments, bed.Kernel.Fragments.Read())
            + Compare.FullDifferences(world, bed.Kernel.Full);
        See("FullNew", world.FullNew.Count);
        See("Clients", world.Clients.Count);
        See("Full", world.Full.Count);
        return flows.Length > 0 ? "flow tables differ" + flows : null;
    }

    private static ulong ToldBy(Model.Datapath model) =>
        model.Tally.Verdicts.GetValueOrDefault(Verdict.IcmpTooBig).Packets
        + model.Tally.Verdicts.GetValueOrDefault(Verdict.TcpReset).Packets;

    private void See(Tally tally)
    {
        foreach ((Verdict verdict, Counter counter) in tally.Verdicts)
        {
            See(verdict.ToString(), (int)counter.Packets);
        }

        See("Tracked", tally.Services.Values.Sum(s => (int)s.Tracked));
        See("Untracked", tally.Services.Values.Sum(s => (int)s.Untracked));
        See("Forward", tally.Services.Values.Sum(s => (int)s.Forwarded.Packets));
    }

    private void See(string what, int times) => Seen[what] = Seen.GetValueOrDefault(what) + times;

    /// <summary>Finds the first packet at fault, if need be by going through the batch one by one, and shrinks it.</summary>
    private string Explain(World start, IReadOnlyList<(int Ingress, byte[] Frame)> batch, int at, string difference)
    {
        World world = start.Copy();
        for (int i = 0; i < batch.Count; i++)
        {
            World before = world.Copy();
            if (RunOnce(world, [batch[i]], out _) is { } found)
            {
                byte[] least = Shrink(before, batch[i]);
                string shrunk = RunOnce(before.Copy(), [(batch[i].Ingress, least)], out _) ?? "differs no more";
                return $"packet {i} of its batch, from interface {batch[i].Ingress}: {found}\n"
                    + $"sent     {Compare.Hex(batch[i].Frame)}\n"
                    + $"shrunk to {Compare.Hex(least)}: {shrunk}\n{Describe(before)}";
            }
        }

        return $"packet {at} of its batch, only after the ones before: {difference}";
    }

    /// <summary>Zeroes and cuts what can go without the difference going too.</summary>
    private byte[] Shrink(World before, (int Ingress, byte[] Frame) packet)
    {
        byte[] least = packet.Frame;
        for (int i = least.Length - 1; i >= Frame.L3; i--)
        {
            byte[] cut = least[..i];
            byte[] zeroed = [.. least];
            if (i < zeroed.Length)
            {
                zeroed[i] = 0;
            }

            least = i == least.Length - 1 && Differs(before, (packet.Ingress, cut)) ? cut
                : Differs(before, (packet.Ingress, zeroed)) ? zeroed
                : least;
        }

        return least;
    }

    private bool Differs(World before, (int Ingress, byte[] Frame) packet) =>
        RunOnce(before.Copy(), [packet], out _) is not null;

    private static string Describe(World world) => string.Join(
        '\n',
        [
            .. world.Services.Select(s => $"{s.Key} {s.Value}"),
            .. world.Backends.Select(b => $"backend {b.Key} {b.Value}"),
            .. world.Nat.Select(n => $"nat {n.Key} {n.Value}"),
            .. world.ServerIds.Select(i => $"server ID {i.Key} {i.Value}"),
            .. world.Sources.Select(s => $"source {s}"),
            .. world.Clients.Select(c => $"client {c.Key} {c.Value}"),
            .. world.Full.Select(f => $"full {f.Key} {f.Value}"),
            .. world.FullNew.Select(f => $"new {f.Key} {f.Value}"),
            $"direct {string.Join(' ', world.Direct)}",
            $"budget {world.Budget}, {world.Flows.Count} flows, {world.Pending.Count} pending",
        ]);
}
